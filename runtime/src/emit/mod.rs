//! Where events come from: `emit!`, its static site, and what it captures.

mod capture;
mod macros;
mod site;

pub(crate) use self::{
    capture::text_of,
    site::{Watch, observe, refresh_sites, refresh_sites_of, unobserve},
};
pub use self::{
    capture::{capture_debug, capture_display},
    site::EmitSite,
};

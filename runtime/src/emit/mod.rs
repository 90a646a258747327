//! Where events come from: `emit!`, its static site, and what it captures.

mod capture;
mod macros;
mod site;
#[cfg(feature = "tracing-layer")]
mod told;

pub(crate) use self::{
    capture::{CAPTURE_CAP, text_of},
    site::{Watch, observe, refresh_sites, refresh_sites_of, unobserve},
};
pub use self::{
    capture::{capture_debug, capture_display},
    site::EmitSite,
};
#[cfg(feature = "tracing-layer")]
pub(crate) use self::{
    capture::{start_of, text_as},
    told::when_sites_change,
};

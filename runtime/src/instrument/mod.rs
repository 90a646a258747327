//! Instrumented functions: a start event, then exactly one of stop and exception, and a span.
//!
//! Generated code makes a [`Call`] of its static [`InstrumentSite`], which is one load and one
//! branch where nobody wants to know of it. All else is here, and outlined: a wanted call is an
//! [`Open`](open::Open), whose memory its thread uses again.

mod account;
mod argument;
mod call;
mod capture;
mod ending;
mod events;
mod future;
mod kind;
mod known;
mod logged;
mod name;
mod open;
#[cfg(feature = "tracing-layer")]
mod ours;
mod point;
mod seen;
mod sentinel;
mod site;
mod thread;
mod told;
mod values;
mod wanted;

#[cfg(feature = "tracing-layer")]
pub(crate) use self::ours::is_ours;
pub(crate) use self::{account::open_calls, logged::with_logged};
pub use self::{
    argument::{
        Argument, ArgumentAsIs, ArgumentByDebug, ArgumentByType, ArgumentWithheld, HiddenAsIs,
        HiddenUnasked, HiddenWithheld,
    },
    call::call,
    future::instrument_async,
    kind::{ReturnsBoxed, ReturnsFuture, ReturnsOpaque, ReturnsValue, body},
    seen::{
        Returned, ReturnedByResult, ReturnedHidden, ReturnedShown, ReturnedWhole, seen,
        seen_nothing,
    },
    site::{InstrumentSite, Written, event_prefix},
    thread::measure,
};

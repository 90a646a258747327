//! The only door for generated code. Nothing here is part of the public interface.

#[cfg(feature = "inventory")]
pub use crate::discovery::{Expected, Registration};
pub use crate::{
    call::{FromSkip, YieldSkip, defend, defend_async, yield_skip},
    config::duration::of_literal as duration,
    dispatch::emit,
    emit::{EmitSite, capture_debug, capture_display},
    event::Event,
    expect_registered as expect,
    handler::{
        BoxFuture, Declaration, HandlerReturn, Judge, Judged, Quarantine, Reference, Run, Site,
        type_name_of,
    },
    hazard::use_fences,
    instrument::{
        Argument, InstrumentSite, Returned, Written, body, call, event_prefix, instrument_async,
        seen, seen_nothing,
    },
    pattern::PatternLiteral as Pattern,
    resource::{CallLease, Lease, Need, Resource, Unavailable},
    submit_site as submit,
    verdict::{
        Call, Completion, Failed, Gone, Verdict, failed_with, judge,
        probe::{ErrorProbe, Probe},
    },
};
#[cfg(feature = "inventory")]
pub use inventory;
pub use tracing;

/// What values say by their types: the traits, for method resolution to choose from.
pub mod probe {
    pub use crate::{
        instrument::{
            ArgumentAsIs, ArgumentByDebug, ArgumentByType, ArgumentWithheld, HiddenAsIs,
            HiddenUnasked, HiddenWithheld, ReturnedByResult, ReturnedHidden, ReturnedShown,
            ReturnedWhole, ReturnsBoxed, ReturnsFuture, ReturnsOpaque, ReturnsValue,
        },
        verdict::probe::{
            ByBoxed, ByClassify, ByDebug, ByDisplay, ByError, ByLocalBoxed, ByOutcome, ByPresence,
            ByTypeName, ReasonByBoxed, ReasonByClassify, ReasonByError, ReasonByType,
        },
    };
}

/// What `fuzz/` compares.
#[cfg(fuzzing)]
pub mod fuzzed {
    use std::error::Error;

    use crate::{classify, reason::SkipReason};

    /// The reason of a panic and that of an error with this message, by a look at each row.
    pub fn scanned(message: &str) -> (Option<SkipReason>, Option<SkipReason>) {
        classify::scanned(message)
    }

    /// The reason of a panic with this message, and that of an error of an unknown type.
    pub fn found(message: &str, error: &(dyn Error + 'static)) -> (SkipReason, SkipReason) {
        (
            classify::message_reason(message),
            classify::known_error(error).unwrap_or_else(|| classify::said_reason(error)),
        )
    }
}

/// Leases a resource for a call.
///
/// # Errors
///
/// As [`Resource::lease`].
#[track_caller]
pub fn lease<T: Send + Sync>(resource: &'static Resource<T>) -> Result<Lease<T>, Unavailable> {
    lease_or(resource, Clone::clone)
}

/// The lease, or what is made of the refusal.
#[track_caller]
fn lease_or<T: Send + Sync, E>(
    resource: &'static Resource<T>,
    refused: impl Fn(&Unavailable) -> E,
) -> Result<Lease<T>, E> {
    resource
        .lease_or(refused)
        .inspect_err(|_| resource.tend_again())
}

/// The leases of a function that needs nothing.
///
/// # Errors
///
/// None.
#[inline]
pub fn nothing() -> Result<(), Unavailable> {
    Ok(())
}

/// What a function says that returns nothing.
#[inline]
pub fn never_fails((): &()) -> Option<Failed<'_>> {
    None
}

/// Leases a resource for a call, which is left with the reason if that cannot be.
///
/// # Errors
///
/// As [`Resource::lease`].
#[track_caller]
pub fn lease_for<T: Send + Sync>(
    call: &Call<'_>,
    resource: &'static Resource<T>,
) -> Result<Lease<T>, Gone> {
    lease_or(resource, |unavailable| call.gone(unavailable))
}

/// Leases a resource for a call that stays on its thread.
///
/// # Errors
///
/// As [`Resource::lease`].
#[inline]
pub fn lease_here<T: Send + Sync>(
    resource: &'static Resource<T>,
) -> Result<CallLease<'static, T>, Unavailable> {
    match resource.lease_here() {
        Some(lease) => Ok(lease),
        None => lease(resource).map(CallLease::from),
    }
}

/// Leases a resource for a call that stays on its thread, which is left with the reason if that
/// cannot be.
///
/// # Errors
///
/// As [`Resource::lease`].
#[inline]
pub fn lease_here_for<T: Send + Sync>(
    call: &Call<'_>,
    resource: &'static Resource<T>,
) -> Result<CallLease<'static, T>, Gone> {
    match resource.lease_here() {
        Some(lease) => Ok(lease),
        None => lease_for(call, resource).map(CallLease::from),
    }
}

/// Refuses what a handler cannot return, at the type.
pub fn check_return<R: HandlerReturn>(_: &R) {}

/// The name of a field that was written as an identifier.
pub const fn key(written: &'static str) -> &'static str {
    match written.as_bytes() {
        [b'r', b'#', ..] => written.split_at(2).1,
        _ => written,
    }
}

/// Registers the statics of annotated handlers.
#[cfg(feature = "inventory")]
#[doc(hidden)]
#[macro_export]
macro_rules! submit_site {
    ($sites:expr) => {
        $crate::private::inventory::submit!($crate::private::Registration($sites));
    };
}

/// Without the feature `inventory` handlers are attached by hand.
#[cfg(not(feature = "inventory"))]
#[doc(hidden)]
#[macro_export]
macro_rules! submit_site {
    ($sites:expr) => {};
}

/// Registers names that must be found.
#[cfg(feature = "inventory")]
#[doc(hidden)]
#[macro_export]
macro_rules! expect_registered {
    ($names:expr) => {
        $crate::private::inventory::submit!($crate::private::Expected($names));
    };
}

/// Without the feature `inventory` nothing is registered, so nothing is lost.
#[cfg(not(feature = "inventory"))]
#[doc(hidden)]
#[macro_export]
macro_rules! expect_registered {
    ($names:expr) => {};
}

//! The plain form on every shape of function, each beside a twin without the attribute: the
//! same values, the same drops in the same order, and one exact skip where the twin would panic.

#![allow(
    clippy::boxed_local,
    clippy::large_types_passed_by_value,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::unwrap_used,
    reason = "the functions are here for their shape, and some of them to panic"
)]

mod asynchronous;
mod attributes;
mod control_flow;
mod drops;
mod generics;
mod macro_made;
mod parameters;
mod receivers;
mod traits;
mod yields;

use gambeson::{HandlerReport, SkipReason, Telemetry};
pub(crate) use gambeson_tests::{pause, run};

/// Writes a function twice: as it is, and with an attribute under a second name.
macro_rules! twins {
    (
        $(#[$attribute:meta])+
        ($($qualifiers:tt)*) fn $bare:ident, $defended:ident $($rest:tt)*
    ) => {
        $($qualifiers)* fn $bare $($rest)*
        $(#[$attribute])+
        $($qualifiers)* fn $defended $($rest)*
    };
}
pub(crate) use twins;

/// Runs code in a telemetry of its own, and gives its value and the counts of one handler.
fn observed<R>(handler: &str, code: impl FnOnce() -> R) -> (R, HandlerReport) {
    let telemetry = Telemetry::isolated();
    let value = telemetry.enter(code);
    let report = telemetry.shutdown();
    let counts = report.handler(handler).expect("the handler was called");
    assert!(counts.is_conserved(), "{report}");
    (value, counts.clone())
}

/// The value of a call that must be handled.
fn handled<R>(handler: &str, code: impl FnOnce() -> R) -> R {
    let (value, counts) = observed(handler, code);
    assert_eq!((counts.matched, counts.handled), (1, 1), "{counts:?}");
    value
}

/// The value of a call that must be skipped for this reason.
fn skipped<R>(handler: &str, reason: SkipReason, code: impl FnOnce() -> R) -> R {
    let (value, counts) = observed(handler, code);
    assert_eq!(
        (counts.matched, counts.skipped(reason)),
        (1, 1),
        "{counts:?}"
    );
    value
}

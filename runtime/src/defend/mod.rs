//! Closures that other libraries call, defended by name.

mod defense;
mod returned;

pub use self::{defense::Defense, returned::Defendable};
use crate::{contain::Kept, outcome::Skip};

/// Defends a closure that is handed to another library: what it does by panicking or returning an
/// error is contained, classified, counted and told as for an annotated function, under `name`.
///
/// A skipped call returns what stands for the skip: `()`, [`Outcome::Skipped`](crate::Outcome), or
/// `Err(skip.into())` for an error that is `From<Skip>`. An `Err` of the closure is a failure, and
/// passes through unchanged. Any other type needs a fallback, by [`defend_or`].
///
/// ```
/// use gambeson::{SkipReason, Telemetry};
///
/// let telemetry = Telemetry::builder().start()?;
/// let totals = vec![250];
/// let on_sale = gambeson::defend("on_sale", move |till: usize| assert!(totals[till] > 0));
/// [0, 1].into_iter().for_each(on_sale); // the second has no till, and harms nobody
///
/// let report = telemetry.shutdown();
/// let counts = report.handler("on_sale").unwrap();
/// assert_eq!((counts.matched, counts.handled), (2, 1));
/// assert_eq!(counts.skipped(SkipReason::ContractViolation), 1);
/// # Ok::<(), gambeson::StartError>(())
/// ```
///
/// # Which telemetry
///
/// One that was [entered](crate::Telemetry::enter) where the closure is defended keeps it. Else each
/// call belongs to the one that its thread entered, or to the process's: so a closure may be handed
/// over before that is started. After a shutdown its calls are skipped as `shutting_down`, and a
/// shutdown that succeeded has waited for those that ran.
///
/// Closures of one name share one handler: its counts, and its quarantine.
///
/// # Other shapes
///
/// The closure takes one argument, of a type that is known where it is defended. For none or
/// several, and for a reference that must be of any lifetime, as an observable instrument of
/// OpenTelemetry wants it, write the closure around a [`Defense`].
#[track_caller]
pub fn defend<A, R: Defendable>(
    name: &str,
    closure: impl Fn(A) -> R + Send + Sync + 'static,
) -> impl Fn(A) -> R + Send + Sync + 'static {
    let defense = Defense::new(name);
    let kept = Kept::new(closure);
    move |argument| defense.run(|| call(&kept, argument))
}

/// As [`defend`], for a closure that returns anything: `fallback` says what a skipped call returns.
///
/// What the closure returns is a value like any other, also an `Err`; only its panics are failures.
/// To have its errors counted, use [`Defense::try_run_or`].
///
/// A filter that must let nothing pass when it fails says so here:
///
/// ```
/// use gambeson::{Skip, Telemetry};
///
/// let telemetry = Telemetry::builder().start()?;
/// let scrub = gambeson::defend_or(
///     "scrub",
///     |report: String| Some(report.replace(report.split_once("card=").unwrap().1, "***")),
///     |_skip: Skip| None,
/// );
/// assert_eq!(scrub("card=4711".to_owned()).as_deref(), Some("card=***"));
/// assert_eq!(scrub("no card".to_owned()), None);
/// assert_eq!(telemetry.report().handler("scrub").unwrap().skipped_in_all(), 1);
/// # Ok::<(), gambeson::StartError>(())
/// ```
///
/// # Panics
///
/// Calls panic where `fallback` does: there is no other value to return.
#[track_caller]
pub fn defend_or<A, R>(
    name: &str,
    closure: impl Fn(A) -> R + Send + Sync + 'static,
    fallback: impl Fn(Skip) -> R + Send + Sync + 'static,
) -> impl Fn(A) -> R + Send + Sync + 'static {
    let defense = Defense::new(name);
    let kept = Kept::new(closure);
    move |argument| defense.run_or(|| call(&kept, argument), &fallback)
}

/// Calls a closure that is kept.
fn call<A, R>(kept: &Kept<impl Fn(A) -> R>, argument: A) -> R {
    match kept.get() {
        Some(closure) => closure(argument),
        None => unreachable!("a closure is there until its drop"),
    }
}

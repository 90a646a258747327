//! The macros of [gambeson], which re-exports them: depend on `gambeson`, not on this crate.
//!
//! [gambeson]: https://docs.rs/gambeson

mod body;
mod checks;
mod classify;
mod defensive_handler;
mod errors;
mod handler_path;
mod instrumented;
mod nearest;
mod options;
mod private;
mod signature;
mod span;
mod tokens;

#[cfg(test)]
mod testing;

use proc_macro::TokenStream;

/// Defends a function: it can fail without hurting its caller or the code that it observes.
///
/// A panic is caught. A panic and an `Err` are classified, counted and recorded, and a call that
/// cannot be made, because a resource is gone or the handler is in quarantine, is skipped for a
/// reason. The signature never changes.
///
/// # With `on`: a registered handler
///
/// ```ignore
/// #[defensive_handler(on = "shop.order.stop", after(audit_order))]
/// fn record_sale(event: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) -> Result<(), LedgerError> {
///     ledger.insert(event.text("order_id")?, event.number("amount")?)
/// }
/// ```
///
/// The defended handler is attached when telemetry starts, and the function stays as it was
/// written, to be called and tested without any machinery. It is a free function, sync or async,
/// whose first parameter is `&Event<'_>`; each further one is `#[needs(RESOURCE)] name: &T` and
/// is lent by that resource for one call. It returns `()`, `Result<(), E>` or `Outcome<()>`.
///
/// # Without `on`: a defended function
///
/// ```ignore
/// #[defensive_handler(needs(LEDGER), fallback = 0.0)]
/// fn takings(&self) -> f64 {
///     self.totals.iter().sum()
/// }
/// ```
///
/// Every call is defended in place. Functions and methods of every kind can be: async, generic,
/// in traits, with any receiver, `unsafe`, `extern "C"`; only a `const fn` cannot. What a skip
/// yields is decided by the return type:
///
/// | returns | a skip yields |
/// |---|---|
/// | `()` | `()` |
/// | `Result<T, E>` where `E: From<Skip>` | `Err(skip.into())`; an `Err` of the body is recorded and passes unchanged |
/// | `Outcome<T>` | `Outcome::Skipped(skip)` |
/// | any other type | what `fallback` says, and without it the function does not compile |
///
/// `#[track_caller]` has no effect inside the body, which is a closure. A future that a sync
/// function returns is not defended itself, only the call that makes it.
///
/// # Options
///
/// | option | form | meaning |
/// |---|---|---|
/// | `on = "pattern"`, `on("p1", "p2")` | | the events: exact, `a.*` for one segment, `a.**` for the rest |
/// | `name = ".."` | both | the name in reports, rules and orders; by default module path and function |
/// | `needs(A, B)` | both | resources that are held during the call, without their value |
/// | `available = path` | both | a function or closure that says with `false` that the call is to be skipped |
/// | `classify = path` | both | a function from `&E` to `SkipReason`, in place of `E: Classify` |
/// | `quarantine(failures = 5, within = "10s", cooldown = "1s")` | both | limits of its own; each can be left out |
/// | `quarantine = false` | both | never in quarantine |
/// | `budget = "5ms"` | both | slower calls are counted and told |
/// | `before(..)`, `after(..)` | `on` | the order among handlers, by name or by the function's path |
/// | `fallback = value`, `fallback = \|skip\| value` | plain | what a skip yields; evaluated for a skip only |
/// | `crate = ::path` | both | the gambeson crate under another name |
///
/// The fallback of an async function cannot use arguments that the body takes by value, since the
/// body owns them.
///
/// # Errors
///
/// Patterns, durations and limits are checked when the function is compiled. Every mistake in the
/// options and in the signature is told at once, each at its place.
#[proc_macro_attribute]
pub fn defensive_handler(options: TokenStream, item: TokenStream) -> TokenStream {
    defensive_handler::expand(options.into(), &item.into()).into()
}

/// Implements `Classify` for an error: for which reason is a call skipped that fails with it?
///
/// ```ignore
/// #[derive(Debug, thiserror::Error, Classify)]
/// enum LedgerError {
///     #[error("the ledger's file is gone")]
///     #[skip(state_unavailable)]
///     Gone,
///     #[error(transparent)]
///     Sqlite(#[from] rusqlite::Error),
/// }
/// ```
///
/// For each variant of an enum, or for a struct as a whole:
/// 1. `#[skip(reason)]` states the reason, by its code;
/// 2. else the cause is asked: the field with `#[from]` or `#[source]`, or the one named `source`,
///    or the only field of `#[error(transparent)]`. It answers with its own `Classify`, or its
///    chain of sources is followed;
/// 3. else there is no answer, and the reason is `unexpected`.
///
/// The codes are `unavailable`, `state_unavailable`, `state_corrupted`, `resource_exhausted`,
/// `not_implemented`, `contract_violation`, `peer_dead`, `shutting_down`, `timed_out`,
/// `cancelled`, `overloaded`, `reentrant`, `in_panic_hook`, `quarantined`, `disabled` and
/// `unexpected`. `#[skip(crate = ::path)]` on the type names the gambeson crate when it is
/// renamed.
#[proc_macro_derive(Classify, attributes(skip, source))]
pub fn classify(input: TokenStream) -> TokenStream {
    classify::expand(input.into()).into()
}

/// Instruments a function: events of ours, and a span of tracing.
#[proc_macro_attribute]
pub fn instrumented(options: TokenStream, item: TokenStream) -> TokenStream {
    instrumented::expand(options.into(), &item.into()).into()
}

/// The site of a registered handler, by the path of its function.
///
/// ```ignore
/// telemetry.attach(handler!(shop::billing::record_sale))?;
/// ```
///
/// The function has `#[defensive_handler(on = ..)]`, and the site is as visible as the function. It
/// stands beside the function and is not imported with it: where the function is imported by its
/// name alone, write the path through its module.
#[proc_macro]
pub fn handler(input: TokenStream) -> TokenStream {
    handler_path::expand(input.into()).into()
}

//! Spans and events of tracing as events of ours, where a handler is attached for them.

mod callsites;
mod fields;
mod filter;
mod interest;
mod layer;
mod log_records;
mod name;
mod open_span;
mod subscribers;
mod told;

use std::fmt;

use tracing::Subscriber;
use tracing_subscriber::{Layer, registry::LookupSpan};

use self::{filter::Observed, layer::Teller};

/// A layer of tracing that turns spans and events, of any library, into events for handlers.
///
/// | of tracing | event | measurements | metadata |
/// |---|---|---|---|
/// | a span `connect` of the target `hyper::client` is opened | `hyper.client.connect.start` | fields | `level`, `target`, fields |
/// | it is closed | `hyper.client.connect.stop` | `duration`, `busy`, fields | the same |
/// | an event of the target `sqlx::query` | `sqlx.query.event` | fields | `level`, `target`, `message`, fields |
/// | an event with a `name:` of its own, `slow` | `sqlx.query.slow` | the same | the same |
///
/// Fields that are numbers are measurements, all others metadata; those recorded later are in the
/// `.stop`. `duration` is from opening to closing and `busy` the time in which the span was
/// entered, both in seconds. What no event name can have becomes `_`. Records of the `log` crate
/// that come through `tracing-log` have the target they were written with.
///
/// Nothing else is captured than what a handler is attached for: a callsite that no handler wants
/// is off as far as this layer goes, and is set anew whenever handlers are attached or detached.
/// The layers beside it see what they would see without it.
///
/// ```
/// use gambeson::{Event, Handler, Telemetry};
/// use tracing_subscriber::prelude::*;
///
/// tracing_subscriber::registry()
///     .with(gambeson::tracing_layer()) // below others: .with(fmt::layer()).with(tracing_layer())
///     .init();
///
/// let telemetry = Telemetry::builder().start()?;
/// telemetry.attach(Handler::new("slow_queries", "sqlx.query.event", |event: &Event<'_>| {
///     assert_eq!(event.text("message").unwrap(), "slow statement");
///     assert_eq!(event.text("level").unwrap(), "WARN");
///     assert_eq!(event.number("elapsed_secs").unwrap(), 2.5);
/// }))?;
/// tracing::warn!(target: "sqlx::query", elapsed_secs = 2.5, "slow statement");
///
/// let report = telemetry.shutdown();
/// assert_eq!(report.handler("slow_queries").unwrap().handled, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Limits
///
/// - A span that was opened while no handler was attached for it is not told when it closes.
/// - What a handler does through tracing while it is told of a span or event is seen by the other
///   layers, but is not told in its turn; that would never end. Nor are the records of this crate.
/// - Handlers run inside the subscriber. Put this layer after the others, so that they are done
///   with an event before a handler logs one. The spans that a handler opens and closes during a
///   `.stop` stay in the registry of `tracing-subscriber`, which frees none while another closes;
///   an async handler or one with a queue runs outside of it.
/// - tracing drops what is logged from inside a subscriber that is set for one thread or future
///   only, the records of failed handlers among it.
pub fn tracing_layer<S>() -> impl Layer<S> + fmt::Debug + Send + Sync + 'static
where
    S: Subscriber + for<'span> LookupSpan<'span> + 'static,
{
    Teller::new().with_filter(Observed)
}

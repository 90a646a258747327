//! Everything that handlers need is killed, and comes back: real threads, tasks, files, sockets and
//! processes, with the exact count of what became of every call.
//!
//! The suites are those of the system from which Gambeson descends, `DSPEx` on Foundation in
//! Elixir, whose handlers outlived the tables that they wrote to; it is called the ancestor here.
//!
//! A seed can be given: `RECOVERY_SEED=7`. To run it 200 times beside as much load:
//!
//! ```text
//! cargo build -p gambeson-tests --tests
//! for i in $(seq $(nproc)); do (while :; do :; done) & done
//! for i in $(seq 200); do
//!     cargo test -q -p gambeson-tests --test recovery -- --test-threads 32 || break
//! done
//! kill $(jobs -p)
//! ```

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

mod agents;
mod contexts;
mod cycles;
mod degradation;
mod files;
mod flags;
mod holders;
mod load;
mod machinery;
mod monitors;
mod sampling;
mod servers;
mod stores;
mod tables;
mod workflow;

use std::time::Duration;

use gambeson::{Config, Event, Handler, IntoHandler, Number, Quarantine, Restart, Telemetry};

/// Comes back at once, as often as it is killed.
const AT_ONCE: Restart = Restart::new()
    .backoff(Duration::from_millis(1), Duration::from_millis(10))
    .at_most(u32::MAX, Duration::from_secs(1));

/// A telemetry of these handlers alone, none of which is ever quarantined.
fn started(handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    started_with(Config::default(), handlers)
}

/// A telemetry of these handlers alone, with a config.
fn started_with(config: Config, handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    let builder = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .config(config);
    let handlers = handlers.into_iter();
    let builder = handlers.fold(builder, |builder, handler| {
        builder.handler(handler.quarantine(Quarantine::OFF))
    });
    builder.start().expect("the handlers fit together")
}

/// An annotated handler, among others.
fn annotated(handler: impl IntoHandler) -> Handler {
    handler.into_handler()
}

/// A measurement that is a whole number.
fn number(event: &Event<'_>, key: &str) -> usize {
    let mut measurements = event.measurements().iter();
    match measurements.find(|(name, _)| *name == key) {
        Some((_, Number::Unsigned(number))) => usize::try_from(*number).unwrap(),
        other => panic!("`{key}` is no whole number: {other:?}"),
    }
}

//! What the programs share that tests run as processes of their own.

use gambeson::{Builder, Handler, Quarantine, Telemetry};

use crate::tally::tally;

/// Starts a telemetry of these handlers, without the registered ones; none is ever quarantined.
///
/// # Panics
///
/// If it cannot be started.
#[track_caller]
pub fn start_without_quarantine(
    builder: Builder,
    handlers: impl IntoIterator<Item = Handler>,
) -> Telemetry {
    let handlers = handlers
        .into_iter()
        .map(|handler| handler.quarantine(Quarantine::OFF));
    let builder = builder.filter(|_| false);
    match handlers.fold(builder, Builder::handler).start() {
        Ok(telemetry) => telemetry,
        Err(error) => panic!("{error}"),
    }
}

/// Says the counts of a handler on stdout, for the test to compare.
///
/// # Panics
///
/// As [`tally`].
#[track_caller]
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub fn say(telemetry: &Telemetry, handler: &str) {
    println!("{handler}: {}", tally(&telemetry.report(), handler));
}

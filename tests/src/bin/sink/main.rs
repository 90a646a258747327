//! Programs whose records go to a log that is deaf, broken, slow or full: `sink NAME`. What each
//! shall do is told by `tests/sinks.rs` and `tests/flood.rs`.

mod broken;
mod deaf;
mod flood;

use gambeson::{Clock, Config, Event, Handler, Telemetry};
use gambeson_tests::{say, start_without_quarantine};

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    match name.as_str() {
        "deaf_thread" => deaf::thread(),
        "filtered" => deaf::filtered(),
        "panicking" => broken::panicking(),
        "inside_a_record" => broken::inside_a_record(),
        "locked" => broken::locked(),
        "locked_bare" => broken::locked_bare(),
        "full_stderr" => broken::full_stderr(),
        "formatter_on_full_stderr" => broken::formatter_on_full_stderr(),
        "formatter_on_full_stderr_bare" => broken::formatter_on_full_stderr_bare(),
        "full_file" => broken::full_file(),
        "million" => flood::million(),
        "distinct" => flood::distinct(),
        "slow" => flood::slow(),
        "unlimited" => flood::unlimited(),
        unknown => panic!("no sink is called `{unknown}`"),
    }
}

/// A telemetry of the process with these handlers, none of which is ever quarantined.
fn process(config: Config, handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    start_without_quarantine(Telemetry::builder().config(config), handlers)
}

/// The same with a clock that stands still, so that only the burst is told.
fn process_at_once(config: Config, handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    let builder = Telemetry::builder().config(config).clock(&Clock::new());
    start_without_quarantine(builder, handlers)
}

/// The handler that panics.
fn boom(_: &Event<'_>) {
    panic!("boom");
}

/// A handler that fails for a reason that is no bug.
fn failing(_: &Event<'_>) -> std::io::Result<()> {
    Err(std::io::ErrorKind::TimedOut.into())
}

/// Says whether records of a handler came to nothing.
#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_records(telemetry: &Telemetry, handler: &str) {
    let report = telemetry.report();
    if let Some(counts) = report.handler(handler) {
        let (failed, dropped) = (counts.records_failed, counts.records_dropped);
        println!("{failed} records failed, {dropped} dropped");
    }
}

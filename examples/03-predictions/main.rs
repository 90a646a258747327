//! Metrics of a prompt optimizer, from a file of its events.
//!
//! Predictions, requests, adapters and optimizers emit events; handlers turn them into counters,
//! gauges and histograms. The file is real-looking input: lines that are cut off, events that
//! lack a duration or a token count, a failure that says so, a score that makes a handler panic.
//! Each costs exactly what it lacks. At the end everything is counted again from the file, and
//! the program exits with 1 if a number differs.
//!
//! ```text
//! line -> Record -> telemetry.emit -> handlers -> Metrics -> table
//!   \-------------- Expected: counted from the JSON -----------> check
//! ```

mod args;
mod check;
mod handlers;
mod input;
mod metrics;
mod replay;
mod table;
#[cfg(test)]
mod tests;

use std::{
    error::Error,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use gambeson::{Config, ConfigError, Report, Rule, Telemetry, Unavailable};
use tracing_subscriber::filter::LevelFilter;

use crate::{
    args::Command,
    check::Check,
    handlers::METRICS,
    metrics::{Metrics, Snapshot},
    replay::Replay,
};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "predictions: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether everything was right.
fn run() -> Result<bool, Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let file = match args::parse(std::env::args_os().skip(1))? {
        Command::Help => return Ok(out.write_all(args::HELP.as_bytes()).is_ok()),
        Command::Replay(file) => file,
    };
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::WARN)
        .with_writer(io::stderr)
        .without_time()
        .init();
    let bytes = input::read(&file)?;
    let telemetry = Telemetry::builder().config(config()?).start()?;
    let run = Run::of(&bytes, &telemetry)?;
    // A reader that has gone away is no fault of the run.
    let _ = run.write(&file, &mut out);
    Ok(run.check.passed())
}

/// The environment's, but without quarantine: a file is read faster than any cooldown, and a
/// row of bad lines says nothing about the handler.
fn config() -> Result<Config, ConfigError> {
    Ok(Config::from_env()?.with_rule(Rule::new().with_quarantine(false)))
}

/// One file, replayed.
#[derive(Debug)]
struct Run {
    replay: Replay,
    metrics: Snapshot,
    report: Report,
    check: Check,
}

impl Run {
    /// Replays the file's bytes and shuts the telemetry down.
    fn of(bytes: &[u8], telemetry: &Telemetry) -> Result<Self, Unavailable> {
        let _provided = METRICS.provide(Metrics::default());
        let replay = replay::replay(telemetry, bytes);
        // The shutdown revokes what handlers need.
        let metrics = METRICS.lease()?.snapshot();
        let report = telemetry.shutdown();
        let check = Check::new(bytes, &replay, &metrics, &report);
        Ok(Run {
            replay,
            metrics,
            report,
            check,
        })
    }

    fn write(&self, file: &Path, out: &mut impl Write) -> io::Result<()> {
        let Replay {
            emitted,
            malformed,
            unknown,
        } = &self.replay;
        writeln!(out, "{emitted} events from {}\n", file.display())?;
        writeln!(out, "{}", self.metrics)?;
        writeln!(out, "malformed lines: {malformed}")?;
        writeln!(out, "unknown events: {unknown}")?;
        writeln!(out, "{}", self.report)?;
        write!(out, "{}", self.check)
    }
}

//! A shop that sells over HTTP while its telemetry is broken.
//!
//! ```text
//! cargo run --release --example shop               # sends itself orders, breaks things, reconciles
//! cargo run --release --example shop -- --serve    # stays up for a person with curl
//! ```
//!
//! Six defended handlers watch the orders: an audit log, usage metrics, a fraud check, a sales
//! ledger in a file of its own, a warehouse in a process of its own, and receipts by mail. While
//! customers order, the ledger's file is taken away and brought back, the fraud check panics, the
//! warehouse is killed, and the post office lags. Every request still gets its right answer, and
//! at the end every event is accounted for: handled, or skipped for a reason.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people"
)]

mod args;
mod client;
mod data;
mod faults;
mod handlers;
mod load;
mod orders;
mod post_office;
mod run;
mod service;
mod shop;
mod verdict;
mod warehouse;

use std::{env, io, path::Path, process::ExitCode, time::Duration};

use gambeson::{Config, ConfigError};
use tracing_subscriber::EnvFilter;

use crate::{args::Command, data::Data, faults::Script, run::RunError};

/// The configuration without `--config`.
const DEFAULT_CONFIG: &str = include_str!("gambeson.toml");

/// The shortest time of each of the eight scenes: some seven seconds in all, with the recoveries.
const SCENE: Duration = Duration::from_millis(750);

fn main() -> ExitCode {
    log_to_stderr();
    let command = match Command::parse(env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => return refuse(&error),
    };
    match run(command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(RunError::Config(error)) => refuse(&error),
        Err(error) => {
            eprintln!("shop: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Does what is asked. The answer is whether everything was as it should be.
fn run(command: Command) -> Result<bool, RunError> {
    match command {
        Command::Help => {
            print!("{}", args::HELP);
            Ok(true)
        }
        Command::Warehouse { stock } => {
            warehouse::serve(&stock, io::stdin().lock(), io::stdout())
                .map_err(RunError::Warehouse)?;
            Ok(true)
        }
        Command::Load { config } => {
            let config = configuration(config.as_deref())?;
            let script = Script {
                scene: SCENE,
                prove: config == Config::parse(DEFAULT_CONFIG)?,
            };
            run::load(config, script).map(|verdict| verdict.is_clean())
        }
        Command::Serve { port, data, config } => {
            let config = configuration(config.as_deref())?;
            let data = Data::at(&data).map_err(RunError::Data)?;
            run::serve(config, port, data).map(|()| true)
        }
    }
}

/// The file that was given, or the built-in configuration; the environment on top of either.
fn configuration(file: Option<&Path>) -> Result<Config, ConfigError> {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    match file {
        Some(file) => Config::load(file),
        None => Config::parse(DEFAULT_CONFIG)?.overlay(env::vars_os().filter_map(text)),
    }
}

/// Telemetry's own records go to stderr; `RUST_LOG` says which.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
}

/// What the person wrote cannot be done.
fn refuse(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("shop: {error}");
    ExitCode::from(2)
}

//! What the runtime promises, a module for each promise.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

mod async_handlers;
mod classification;
mod config;
mod conservation;
mod containment;
mod context;
mod debug_log;
mod detach;
mod emit;
mod health;
mod lifecycle;
mod locks;
mod order;
mod payloads;
mod quarantine;
mod race;
mod report;
mod resources;
mod shutdown;
mod starting;

use std::cell::Cell;

use gambeson::{Config, Event, Handler, Telemetry};
use gambeson_tests::{PATIENCE, wait_until};

/// A telemetry of these handlers alone.
fn started(handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    started_with(Config::default(), handlers)
}

/// A telemetry of these handlers alone, with a config.
fn started_with(config: Config, handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    let builder = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .config(config);
    let builder = handlers
        .into_iter()
        .fold(builder, gambeson::Builder::handler);
    builder.start().expect("the handlers fit together")
}

/// The handler that panics.
fn boom(_: &Event<'_>) {
    panic!("boom");
}

/// The line on which [`boom`] panics.
const BOOM_LINE: u32 = line!() - 4;

/// A measurement that counts how often it is evaluated.
fn counted(evaluated: &Cell<u32>) -> u32 {
    evaluated.set(evaluated.get() + 1);
    evaluated.get()
}

/// Emits until the site has found that nobody listens: while handlers are attached elsewhere in
/// the process, a site that is new may only guess.
fn settle(evaluated: &Cell<u32>, emission: impl Fn()) {
    wait_until("the site has joined the others", PATIENCE, || {
        evaluated.set(0);
        emission();
        evaluated.get() == 0
    });
}

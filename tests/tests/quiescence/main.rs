//! The core under load, on the process's own telemetry, whose calls go the short way.
//!
//! A seed and a length can be given: `STORM_SEED=7 STORM_EVENTS=200000 DETACH_CYCLES=200000`.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

mod cycles;
mod order;
mod storm;
mod threads;
mod within;

use std::sync::{Mutex, MutexGuard, PoisonError};

use gambeson::{Handler, Telemetry};

/// The process's telemetry, with nobody beside who has it.
struct Process {
    telemetry: Telemetry,
    _alone: MutexGuard<'static, ()>,
}

impl Process {
    fn with(handlers: impl IntoIterator<Item = Handler>) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let builder = handlers
            .into_iter()
            .fold(Telemetry::builder(), gambeson::Builder::handler);
        Process {
            telemetry: builder.start().expect("the handlers fit together"),
            _alone: alone,
        }
    }
}

/// A number from the environment, for longer runs.
fn given(variable: &str, otherwise: u64) -> u64 {
    let given = std::env::var(variable).ok();
    given.map_or(otherwise, |number| {
        number
            .parse()
            .unwrap_or_else(|error| panic!("{variable}: {error}"))
    })
}

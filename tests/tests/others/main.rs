//! What an end leaves alone: the resources of other telemetries, and those who do not concern it;
//! and what it must not wait for, which is itself. Alone in its process, since one of the
//! telemetries is the process's.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

mod itself;
mod queues;
mod starts;
mod telemetries;
mod values;

use gambeson::{Builder, Telemetry};

/// A telemetry without the registered handlers.
fn alone() -> Builder {
    Telemetry::builder().isolated().filter(|_| false)
}

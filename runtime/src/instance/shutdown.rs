//! How a shutdown went.

use std::time::Duration;

use serde::Serialize;

/// How a shutdown went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// The handlers in the order in which they were detached.
    pub detached: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
    /// How long it might have taken.
    pub deadline: Duration,
    /// The handlers that were still running when it ended.
    pub stragglers: Vec<Straggler>,
}

/// A handler whose calls did not end in time. It is detached, and its calls are counted when
/// they end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Straggler {
    /// The handler.
    pub handler: String,
    /// How many of its calls were running or queued.
    pub in_flight: usize,
}

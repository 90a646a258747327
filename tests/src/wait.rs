//! Waits that fail loudly.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Longer than anything in the tests takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Returns as soon as the condition holds.
///
/// # Panics
///
/// If it does not hold within the deadline; the message ends with `what`.
#[track_caller]
pub fn wait_until(what: &str, deadline: Duration, condition: impl FnMut() -> bool) {
    assert!(
        holds_within(deadline, condition),
        "waited {deadline:?} in vain until {what}"
    );
}

/// Whether the condition holds before the deadline.
pub(crate) fn holds_within(deadline: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    while !condition() {
        if started.elapsed() > deadline {
            return false;
        }
        thread::park_timeout(Duration::from_millis(1));
    }
    true
}

//! How much a handler may fail.

use std::time::Duration;

use super::TRIPPED;

/// When the breaker opens and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) failures: u32,
    pub(crate) within: Duration,
    pub(crate) cooldown: Duration,
    pub(crate) max_cooldown: Duration,
}

impl Limits {
    /// Whether any run of failures opens the breaker: the longest that it can count is a little
    /// shorter than what `failures` can say.
    pub(crate) fn can_be_reached(self) -> bool {
        self.failures < TRIPPED
    }

    /// How long it stays open once a probe has failed after such a cooldown.
    pub(super) fn next_cooldown(self, cooldown: Duration) -> Duration {
        if cooldown.is_zero() {
            return self.cooldown;
        }
        cooldown.saturating_mul(2).min(self.max_cooldown)
    }
}

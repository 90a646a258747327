//! One limit: a burst, and a rate.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::{
    clock::{self, Clock},
    config::DebugLog,
};

const MINUTE: u64 = 60_000_000;

/// What no process lives, in microseconds: so long a bucket without a rate takes for one record.
const CENTURY: u64 = 100 * 365 * 24 * 60 * MINUTE;

/// How often something may be told, and by which clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate<'a> {
    pub(crate) log: &'a DebugLog,
    /// The system's, where there is none.
    pub(crate) clock: Option<&'a Clock>,
}

/// A bucket on one word: the time at which it would be full again.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    full_at: AtomicU64,
    /// What was not told, and what no record has told of since.
    suppressed: AtomicU64,
    /// What was told, by a record of its own or by the number in one.
    told: AtomicU64,
}

impl Bucket {
    /// The right to tell, with the number of those that were not told before.
    pub(super) fn take(&self, rate: Rate<'_>) -> Option<u64> {
        self.take_at(rate.log, clock::elapsed(rate.clock))
    }

    pub(super) fn take_at(&self, log: &DebugLog, now: Duration) -> Option<u64> {
        let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let interval = MINUTE.checked_div(log.per_minute.into()).unwrap_or(CENTURY);
        let burst = interval.saturating_mul(log.burst.max(1).into());
        let taken = self
            .full_at
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
                let next = full_at.max(now).saturating_add(interval);
                (next - now <= burst).then_some(next)
            });
        if taken.is_err() {
            self.suppress(1);
            return None;
        }
        Some(self.take_suppressed())
    }

    /// As many were not told.
    pub(super) fn suppress(&self, count: u64) {
        self.suppressed.fetch_add(count, Ordering::Relaxed);
    }

    /// As many were told.
    pub(super) fn tell(&self, count: u64) {
        self.told.fetch_add(count, Ordering::Relaxed);
    }

    /// As many were not told after all.
    pub(super) fn untell(&self, count: u64) {
        self.told.fetch_sub(count, Ordering::Relaxed);
    }

    /// What was not told, which somebody tells now.
    pub(super) fn take_suppressed(&self) -> u64 {
        self.suppressed.swap(0, Ordering::Relaxed)
    }

    /// What is left untold of so many, which somebody tells now.
    pub(super) fn take_untold(&self, all: u64) -> u64 {
        self.suppressed.store(0, Ordering::Relaxed);
        all.saturating_sub(self.told.swap(all, Ordering::Relaxed))
    }
}

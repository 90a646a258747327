//! The rate limit of debug records: a bucket for each reason of each handler.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    config::DebugLog,
    reason::{SkipClass, SkipReason},
};

const MINUTE: u64 = 60_000_000;

/// What no process lives, in microseconds: so long a bucket without a rate takes for one record.
const CENTURY: u64 = 100 * 365 * 24 * 60 * MINUTE;

/// The right to write one record, and what was not written before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) suppressed: u64,
}

impl Ticket {
    /// What was not written, if anything.
    pub(crate) fn suppressed(self) -> Option<u64> {
        (self.suppressed > 0).then_some(self.suppressed)
    }
}

/// One handler's limits. Most handlers never have anything to tell, and so no buckets either.
#[derive(Debug, Default)]
pub(crate) struct Limiters {
    buckets: OnceLock<Box<Buckets>>,
    bug_told: AtomicBool,
}

#[derive(Debug, Default)]
struct Buckets {
    skips: [Bucket; SkipReason::COUNT],
    transitions: Bucket,
    slow_calls: Bucket,
    values: Bucket,
}

/// A bucket on one word: the time at which it would be full again.
#[derive(Debug, Default)]
struct Bucket {
    full_at: AtomicU64,
    suppressed: AtomicU64,
}

impl Limiters {
    pub(crate) const fn new() -> Self {
        Limiters {
            buckets: OnceLock::new(),
            bug_told: AtomicBool::new(false),
        }
    }

    fn buckets(&self) -> &Buckets {
        self.buckets.get_or_init(Box::default)
    }

    /// With the gate open, a ticket within the limit. With the gate shut, one for the first bug
    /// of the handler: a bug is never silent.
    pub(crate) fn ticket(&self, reason: SkipReason, open: bool, log: &DebugLog) -> Option<Ticket> {
        let is_bug = reason.class() == SkipClass::Bug;
        if !open {
            return if is_bug { self.first_bug() } else { None };
        }
        if is_bug {
            self.bug_told.store(true, Ordering::Relaxed);
        }
        self.buckets().skips[reason.index()].take(log, since_start())
    }

    /// Whether there may be a ticket.
    pub(crate) fn may_tell(&self, open: bool) -> bool {
        open || !self.bug_told.load(Ordering::Relaxed)
    }

    /// A ticket for the first bug of the handler that is told.
    pub(crate) fn first_bug(&self) -> Option<Ticket> {
        // Read first: only the first bug of all writes to what all threads share.
        let told = &self.bug_told;
        let first = !told.load(Ordering::Relaxed) && !told.swap(true, Ordering::Relaxed);
        first.then_some(Ticket { suppressed: 0 })
    }

    /// A ticket to tell that the handler was quarantined or readmitted, which needs no open gate.
    pub(crate) fn transition(&self, log: &DebugLog) -> Option<Ticket> {
        self.buckets().transitions.take(log, since_start())
    }

    /// A ticket to tell that a call took longer than its budget.
    pub(crate) fn slow_call(&self, log: &DebugLog) -> Option<Ticket> {
        self.buckets().slow_calls.take(log, since_start())
    }

    /// A ticket to tell the values of an instrumented call.
    pub(crate) fn values(&self, log: &DebugLog) -> Option<Ticket> {
        self.buckets().values.take(log, since_start())
    }

    /// What was suppressed and has not been told, by reason.
    pub(crate) fn suppressed(&self) -> impl Iterator<Item = (SkipReason, u64)> + '_ {
        let buckets = self.buckets.get();
        buckets
            .into_iter()
            .flat_map(|buckets| SkipReason::ALL.iter().zip(&buckets.skips))
            .map(|(reason, bucket)| (*reason, bucket.suppressed.swap(0, Ordering::Relaxed)))
            .filter(|(_, count)| *count > 0)
    }
}

impl Bucket {
    fn take(&self, log: &DebugLog, now: Duration) -> Option<Ticket> {
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
            self.suppressed.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(Ticket {
            suppressed: self.suppressed.swap(0, Ordering::Relaxed),
        })
    }
}

fn since_start() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(burst: u32, per_minute: u32) -> DebugLog {
        DebugLog {
            burst,
            per_minute,
            ..DebugLog::default()
        }
    }

    #[test]
    fn a_burst_then_the_rate_and_the_count_of_the_rest() {
        let (bucket, log) = (Bucket::default(), log(3, 60));
        let at = |millis| Duration::from_secs(5) + Duration::from_millis(millis);
        let told = |millis| {
            bucket
                .take(&log, at(millis))
                .map(|ticket| ticket.suppressed)
        };
        assert_eq!(
            [told(0), told(1), told(2), told(3)],
            [Some(0), Some(0), Some(0), None]
        );
        assert_eq!(told(500), None);
        assert_eq!(told(1010), Some(2));
        assert_eq!(told(1020), None);
    }

    #[test]
    fn without_a_rate_there_is_only_the_burst() {
        let (bucket, log) = (Bucket::default(), log(2, 0));
        let told = (0..100).filter(|hour| {
            bucket
                .take(&log, Duration::from_secs(3600 * hour))
                .is_some()
        });
        assert_eq!(told.count(), 2);
    }

    #[test]
    fn the_gate_shut_tells_one_bug_and_nothing_else() {
        let (limiters, log) = (Limiters::new(), log(5, 60));
        assert_eq!(limiters.ticket(SkipReason::Unavailable, false, &log), None);
        let first = limiters.ticket(SkipReason::Unexpected, false, &log);
        assert_eq!(first, Some(Ticket { suppressed: 0 }));
        assert_eq!(limiters.ticket(SkipReason::Unexpected, false, &log), None);
        assert_eq!(
            limiters.ticket(SkipReason::StateCorrupted, false, &log),
            None
        );
    }
}

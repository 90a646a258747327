//! The rate limit of records: a bucket for each reason of each handler, and account of what was told.

mod bucket;
#[cfg(test)]
mod tests;

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use self::bucket::Bucket;
pub(crate) use self::bucket::Rate;
use crate::reason::{SkipClass, SkipReason};

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Skip(SkipReason),
    /// An availability probe that panicked: a bug, whatever the reason of the skip.
    Probe,
    /// A quarantine, a readmission, a resource that went down or came back.
    Transition,
    SlowCall,
    /// The values of an instrumented call.
    Values,
}

impl Topic {
    /// In words, for those that have no reason.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Topic::Skip(reason) => reason.code(),
            Topic::Probe => "probes that panicked",
            Topic::Transition => "quarantines and readmissions, downs and returns",
            Topic::SlowCall => "slow calls",
            Topic::Values => "values of calls",
        }
    }
}

/// The right to write one record, and what was not written before it. Whoever has it says in the
/// end [what became of it](Limiters::settle).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    topic: Topic,
    suppressed: u64,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Somebody took it.
    Told,
    /// Nobody did, and what it would say was returned to the caller.
    Returned,
    /// Nobody did.
    Dropped,
    /// Who should have taken it failed. Whether somebody else did instead.
    Failed { is_told: bool },
}

/// One handler's limits. Most handlers never have anything to tell, and so no buckets either.
#[derive(Debug, Default)]
pub(crate) struct Limiters {
    buckets: OnceLock<Box<Buckets>>,
    /// The bugs that were told, a bit for each topic; [`RETURNED`] of them to the caller alone.
    bugs: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

/// How far the bits are shifted of bugs that callers were told of.
const RETURNED: u32 = 32;

#[derive(Debug, Default)]
struct Buckets {
    skips: [Bucket; SkipReason::COUNT],
    probes: Bucket,
    transitions: Bucket,
    slow_calls: Bucket,
    values: Bucket,
}

impl Limiters {
    pub(crate) const fn new() -> Self {
        Limiters {
            buckets: OnceLock::new(),
            bugs: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
        }
    }

    /// A ticket to tell a skip. With the gate open, within the limit. With the gate shut, for the
    /// first bug of each reason that anybody is told of: a bug is never silent.
    pub(crate) fn ticket(
        &self,
        reason: SkipReason,
        is_open: bool,
        rate: Rate<'_>,
    ) -> Option<Ticket> {
        self.skip_ticket(reason, is_open, rate, true)
    }

    /// The same for a panic, of which no caller is told as of an error.
    pub(crate) fn panic_ticket(
        &self,
        reason: SkipReason,
        is_open: bool,
        rate: Rate<'_>,
    ) -> Option<Ticket> {
        self.skip_ticket(reason, is_open, rate, false)
    }

    fn skip_ticket(
        &self,
        reason: SkipReason,
        is_open: bool,
        rate: Rate<'_>,
        may_be_returned: bool,
    ) -> Option<Ticket> {
        let topic = Topic::Skip(reason);
        let is_bug = reason.class() == SkipClass::Bug;
        match (is_open, is_bug) {
            (true, true) => {
                let ticket = self.take(topic, rate)?;
                self.note_bug(topic);
                Some(ticket)
            }
            (true, false) => self.take(topic, rate),
            (false, true) => self.first_bug(topic, rate, may_be_returned),
            (false, false) => None,
        }
    }

    /// Whether there may be a ticket for what nobody knows the reason of yet.
    pub(crate) fn may_tell(&self, is_open: bool) -> bool {
        let bit = bug_bit(Topic::Skip(SkipReason::Unexpected)).unwrap_or(0);
        is_open || self.bugs.load(Ordering::Relaxed) & (bit | bit << RETURNED) == 0
    }

    /// A ticket to tell that the availability probe panicked, which needs no open gate.
    pub(crate) fn probe_ticket(&self, is_open: bool, rate: Rate<'_>) -> Option<Ticket> {
        if is_open {
            self.take(Topic::Probe, rate)
        } else {
            self.first_bug(Topic::Probe, rate, false)
        }
    }

    /// A ticket to tell that a handler was quarantined or readmitted, which needs no open gate.
    pub(crate) fn transition(&self, rate: Rate<'_>) -> Option<Ticket> {
        self.take(Topic::Transition, rate)
    }

    /// A ticket to tell that a call took longer than its budget.
    pub(crate) fn slow_call(&self, rate: Rate<'_>) -> Option<Ticket> {
        self.take(Topic::SlowCall, rate)
    }

    /// A ticket to tell the values of an instrumented call.
    pub(crate) fn values(&self, rate: Rate<'_>) -> Option<Ticket> {
        self.take(Topic::Values, rate)
    }

    /// Says what became of a record. What nobody was told is counted as suppressed, and a bug of
    /// which nobody was told is not the first one that was.
    pub(crate) fn settle(&self, ticket: Ticket, fate: Fate) {
        let Ticket { topic, suppressed } = ticket;
        let count = suppressed.saturating_add(1);
        match fate {
            Fate::Failed { .. } => _ = self.failed.fetch_add(1, Ordering::Relaxed),
            Fate::Dropped => _ = self.dropped.fetch_add(1, Ordering::Relaxed),
            Fate::Told | Fate::Returned => {}
        }
        if matches!(fate, Fate::Told | Fate::Failed { is_told: true }) {
            return self.bucket(topic).tell(count);
        }
        self.bucket(topic).suppress(count);
        if let Some(bit) = bug_bit(topic) {
            if fate == Fate::Returned {
                self.bugs.fetch_or(bit << RETURNED, Ordering::Relaxed);
            }
            self.bugs.fetch_and(!bit, Ordering::Relaxed);
        }
    }

    /// Records that made the subscriber fail.
    pub(crate) fn records_failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Records that nobody took.
    pub(crate) fn records_dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// What has not been told, by what it is about, of a handler whose events were skipped so often
    /// for these reasons. Whoever asks tells it, or [keeps](Limiters::keep) it.
    pub(crate) fn untold(
        &self,
        skips: impl Iterator<Item = (SkipReason, u64)>,
    ) -> Vec<(Topic, u64)> {
        let Some(buckets) = self.buckets.get() else {
            return Vec::new();
        };
        let of_skips = skips.map(|(reason, count)| {
            let bucket = &buckets.skips[reason.index()];
            // Every bug is due; of the others those are that came while the gate was open.
            let untold = match reason.class() {
                SkipClass::Bug => bucket.take_untold(count),
                _ => bucket.take_suppressed(),
            };
            (Topic::Skip(reason), untold)
        });
        let others = [
            Topic::Probe,
            Topic::Transition,
            Topic::SlowCall,
            Topic::Values,
        ];
        let of_others = others.map(|topic| (topic, buckets.of(topic).take_suppressed()));
        let mut untold: Vec<_> = of_skips.chain(of_others).collect();
        untold.retain(|(_, count)| *count > 0);
        untold
    }

    /// Keeps what was asked for, and nobody was told of, for whoever tells it next.
    pub(crate) fn keep(&self, topic: Topic, count: u64) {
        let bucket = self.bucket(topic);
        bucket.suppress(count);
        if matches!(topic, Topic::Skip(reason) if reason.class() == SkipClass::Bug) {
            bucket.untell(count);
        }
    }

    fn take(&self, topic: Topic, rate: Rate<'_>) -> Option<Ticket> {
        let suppressed = self.bucket(topic).take(rate)?;
        Some(Ticket { topic, suppressed })
    }

    /// A ticket for the first bug of which anybody is told.
    fn first_bug(&self, topic: Topic, rate: Rate<'_>, may_be_returned: bool) -> Option<Ticket> {
        let bit = bug_bit(topic)?;
        let told = if may_be_returned {
            bit | bit << RETURNED
        } else {
            bit
        };
        // Read first: only the first bug of all writes to what all threads share.
        let is_first = self.bugs.load(Ordering::Relaxed) & told == 0
            && self.bugs.fetch_or(bit, Ordering::Relaxed) & told == 0;
        if !is_first {
            if topic == Topic::Probe {
                // What others came to is known from the counts of skips.
                self.bucket(topic).suppress(1);
            }
            return None;
        }
        let ticket = self.take(topic, rate);
        if ticket.is_none() {
            // Nobody took those before it, and this one has to wait as they had to.
            self.bugs.fetch_and(!bit, Ordering::Relaxed);
        }
        ticket
    }

    fn note_bug(&self, topic: Topic) {
        let bit = bug_bit(topic).unwrap_or(0);
        if self.bugs.load(Ordering::Relaxed) & bit == 0 {
            self.bugs.fetch_or(bit, Ordering::Relaxed);
        }
    }

    fn bucket(&self, topic: Topic) -> &Bucket {
        let buckets = self.buckets.get().unwrap_or_else(|| {
            // Made before: a child of a fork has no thread any more that was making them.
            let made = Box::default();
            self.buckets.get_or_init(|| made)
        });
        buckets.of(topic)
    }
}

impl Buckets {
    fn of(&self, topic: Topic) -> &Bucket {
        match topic {
            Topic::Skip(reason) => &self.skips[reason.index()],
            Topic::Probe => &self.probes,
            Topic::Transition => &self.transitions,
            Topic::SlowCall => &self.slow_calls,
            Topic::Values => &self.values,
        }
    }
}

/// The bit of a bug; `None` for what is none.
fn bug_bit(topic: Topic) -> Option<u64> {
    const { assert!(SkipReason::COUNT < RETURNED as usize, "a bit for each") };
    match topic {
        Topic::Skip(reason) if reason.class() == SkipClass::Bug => Some(1 << reason.index()),
        Topic::Probe => Some(1 << SkipReason::COUNT),
        _ => None,
    }
}

impl Ticket {
    /// What was not written before, if anything.
    pub(crate) fn suppressed(self) -> Option<u64> {
        (self.suppressed > 0).then_some(self.suppressed)
    }
}

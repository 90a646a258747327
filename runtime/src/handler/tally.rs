//! The counts of one handler: matched = handled + the sum of skips by reason.
//!
//! Outcomes are released and acquired, so that whoever reads them first and the matches then never
//! sees an outcome without its match.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::reason::SkipReason;

/// What happened to a handler's events.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    matched: AtomicU64,
    handled: AtomicU64,
    skips: [AtomicU64; SkipReason::COUNT],
    pub(crate) over_budget: AtomicU64,
    pub(crate) payload_drop_panics: AtomicU64,
}

impl Tally {
    /// Counts an event that the handler shall see; returns how many came before it.
    pub(crate) fn matched(&self) -> u64 {
        self.matched.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn handled(&self) {
        self.handled.fetch_add(1, Ordering::Release);
    }

    pub(crate) fn skipped(&self, reason: SkipReason) {
        self.skips[reason.index()].fetch_add(1, Ordering::Release);
    }

    pub(crate) fn matched_count(&self) -> u64 {
        self.matched.load(Ordering::Relaxed)
    }

    pub(crate) fn handled_count(&self) -> u64 {
        self.handled.load(Ordering::Acquire)
    }

    /// The reasons that occurred, with their counts.
    pub(crate) fn skip_counts(&self) -> impl Iterator<Item = (SkipReason, u64)> + '_ {
        SkipReason::ALL
            .iter()
            .map(|reason| (*reason, self.skips[reason.index()].load(Ordering::Acquire)))
            .filter(|(_, count)| *count > 0)
    }
}

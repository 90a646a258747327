//! The counts of one handler: matched = handled + the sum of skips by reason.
//!
//! Each thread counts for itself, and what is read is the sum. Outcomes are read before matches, so
//! that an outcome is never seen without its match.

use std::{
    ops::Range,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    contain::Disposed,
    hazard::{
        self, Here,
        counts::{COLUMNS, Counters, Row, add_one},
    },
    reason::SkipReason,
};

const MATCHED: usize = 0;
const HANDLED: usize = 1;
const SKIPPED: usize = 2;

/// Where a thread finds its counters for a handler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place(usize);

/// One thread's counters for a handler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own(&'static Counters);

impl Place {
    #[inline]
    pub(crate) fn counters(self, here: Here) -> Own {
        Own(here.counters(self.0))
    }
}

impl Own {
    #[inline]
    pub(crate) fn matched(self) {
        add_one(&self.0[MATCHED]);
    }

    #[inline]
    pub(crate) fn handled(self) {
        add_one(&self.0[HANDLED]);
    }

    #[inline]
    pub(crate) fn skipped(self, reason: SkipReason) {
        add_one(&self.0[SKIPPED + reason.index()]);
    }
}

/// What happened to a handler's events.
#[derive(Debug)]
pub(crate) struct Tally {
    row: Row,
    /// What threads counted that have no counters of their own any more.
    late: OnceLock<Box<[AtomicU64; COLUMNS]>>,
    pub(crate) over_budget: AtomicU64,
    pub(crate) payload_drop_panics: AtomicU64,
    pub(crate) payloads_leaked: AtomicU64,
    pub(crate) future_drop_panics: AtomicU64,
}

/// What a handler's counters were at one moment.
#[derive(Debug)]
pub(crate) struct Counted([u64; COLUMNS]);

impl Default for Tally {
    fn default() -> Self {
        Tally {
            row: Row::new(),
            late: OnceLock::new(),
            over_budget: AtomicU64::new(0),
            payload_drop_panics: AtomicU64::new(0),
            payloads_leaked: AtomicU64::new(0),
            future_drop_panics: AtomicU64::new(0),
        }
    }
}

impl Tally {
    /// Counts an event that the handler shall see.
    pub(crate) fn matched(&self) {
        self.count(MATCHED);
    }

    pub(crate) fn handled(&self) {
        self.count(HANDLED);
    }

    pub(crate) fn skipped(&self, reason: SkipReason) {
        self.count(SKIPPED + reason.index());
    }

    /// Counts what the drop of a panic's payload came to.
    pub(crate) fn disposed(&self, disposed: Disposed) {
        if disposed.panics > 0 {
            let panics = disposed.panics.into();
            self.payload_drop_panics
                .fetch_add(panics, Ordering::Relaxed);
        }
        if disposed.leaked {
            self.payloads_leaked.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Where a thread finds its counters.
    pub(crate) fn place(&self) -> Place {
        Place(self.row.index())
    }

    /// The counts of this moment. While calls run, there are never more outcomes than matches.
    pub(crate) fn counted(&self) -> Counted {
        let mut sums = [0; COLUMNS];
        self.add_to(&mut sums, HANDLED..COLUMNS);
        self.add_to(&mut sums, MATCHED..HANDLED);
        Counted(sums)
    }

    fn count(&self, column: usize) {
        match hazard::here() {
            Some(here) => add_one(&here.counters(self.row.index())[column]),
            None => {
                self.late()[column].fetch_add(1, Ordering::Release);
            }
        }
    }

    fn late(&self) -> &[AtomicU64; COLUMNS] {
        let zero = || Box::new(std::array::from_fn(|_| AtomicU64::new(0)));
        self.late.get_or_init(zero)
    }

    fn add_to(&self, sums: &mut [u64; COLUMNS], columns: Range<usize>) {
        if let Some(late) = self.late.get() {
            for column in columns.clone() {
                sums[column] += late[column].load(Ordering::Acquire);
            }
        }
        self.row.add_to(sums, columns);
    }
}

impl Counted {
    pub(crate) fn matched(&self) -> u64 {
        self.0[MATCHED]
    }

    pub(crate) fn handled(&self) -> u64 {
        self.0[HANDLED]
    }

    /// The reasons that occurred, with their counts.
    pub(crate) fn skips(&self) -> impl Iterator<Item = (SkipReason, u64)> + '_ {
        let skips = SkipReason::ALL.iter().zip(&self.0[SKIPPED..]);
        skips
            .map(|(reason, count)| (*reason, *count))
            .filter(|(_, count)| *count > 0)
    }
}

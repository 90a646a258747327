//! Counters that each thread has for itself and that are added up when they are read.
//!
//! A counter has one writer at a time, the owner of its slot, so that counting is one plain addition
//! to memory that no other thread writes. A thread that ends leaves its counters in the slot, and
//! who takes that over goes on with them: nothing is folded, so nothing can be lost.

use std::{
    ops::Range,
    sync::atomic::Ordering::{Acquire, Relaxed, Release},
};

use super::{Mutation, is_broken, slot};
use crate::{
    reason::SkipReason,
    sync::{AtomicU64, Mutex, OnceLock, is_failed_model, lock},
};

/// How many rows the first array has.
const FIRST: usize = if cfg!(loom) { 2 } else { 64 };

/// How many counters a row has.
pub(crate) const COLUMNS: usize = 2 + SkipReason::COUNT;

/// What one thread counts for one handler: matched, handled, and each reason for a skip.
pub(crate) type Counters = [AtomicU64; COLUMNS];

/// The counters of one slot: arrays of rows, each longer than the one before. The last is written
/// to; all of them are added up. No lock keeps them together, for in a child of a fork it could be
/// one that is never given back.
#[derive(Debug)]
pub(crate) struct Counts(Longer);

/// The array that was made when those before had become too short.
type Longer = OnceLock<&'static Array>;

#[derive(Debug)]
struct Array {
    rows: Vec<Counters>,
    longer: Longer,
}

impl Counts {
    pub(super) fn new() -> Self {
        Counts(Longer::new())
    }

    /// What the slot's owner writes to.
    pub(super) fn newest(&self) -> &'static [Counters] {
        if is_broken(Mutation::ForgetCounts) {
            (0..FIRST).for_each(|row| self.clear(row));
        }
        self.arrays().last().map_or(&[], |array| &array.rows)
    }

    /// An array that has this row.
    pub(super) fn grow(&self, row: usize) -> &'static [Counters] {
        let length = (row + 1).next_power_of_two().max(FIRST);
        let zero = || std::array::from_fn(|_| AtomicU64::new(0));
        let array: &'static Array = Box::leak(Box::new(Array {
            rows: (0..length).map(|_| zero()).collect(),
            longer: Longer::new(),
        }));
        // Only the slot's owner makes one.
        let end = self.arrays().last().map_or(&self.0, |last| &last.longer);
        let _ = end.set(array);
        &array.rows
    }

    fn arrays(&self) -> impl Iterator<Item = &'static Array> {
        let next = |array: &&'static Array| array.longer.get().copied();
        std::iter::successors(self.0.get().copied(), next)
    }

    fn add_to(&self, sums: &mut [u64; COLUMNS], row: usize, columns: Range<usize>) {
        for counters in self.arrays().filter_map(|array| array.rows.get(row)) {
            for column in columns.clone() {
                sums[column] += counters[column].load(Acquire);
            }
        }
    }

    fn clear(&self, row: usize) {
        let rows = self.arrays().filter_map(|array| array.rows.get(row));
        for counter in rows.flatten() {
            counter.store(0, Relaxed);
        }
    }
}

/// Released, so that whoever sees it sees what was counted before.
#[inline]
pub(crate) fn add_one(counter: &AtomicU64) {
    let order = if is_broken(Mutation::RelaxedCounts) {
        Relaxed
    } else {
        Release
    };
    counter.store(counter.load(Relaxed).wrapping_add(1), order);
}

/// A row of counters in every slot.
#[derive(Debug)]
pub(crate) struct Row(usize);

/// Which rows are in use.
struct Rows {
    end: usize,
    free: Vec<usize>,
}

#[cfg(not(loom))]
static ROWS: Mutex<Rows> = Mutex::new(Rows {
    end: 0,
    free: Vec::new(),
});

#[cfg(loom)]
loom::lazy_static! {
    static ref ROWS: Mutex<Rows> = Mutex::new(Rows { end: 0, free: Vec::new() });
}

impl Row {
    /// A row of counters that are 0.
    pub(crate) fn new() -> Self {
        let mut rows = lock(&ROWS);
        if let Some(row) = rows.free.pop() {
            drop(rows);
            // Nobody counts here: the calls of its last owner are over.
            slot::iter().for_each(|slot| slot.counts.clear(row));
            return Row(row);
        }
        rows.end += 1;
        Row(rows.end - 1)
    }

    #[inline]
    pub(crate) fn index(&self) -> usize {
        self.0
    }

    /// What all threads have counted in a column.
    #[cfg(all(test, loom))]
    pub(crate) fn sum(&self, column: usize) -> u64 {
        let mut sums = [0; COLUMNS];
        self.add_to(&mut sums, column..column + 1);
        sums[column]
    }

    /// Adds what all threads, also those that have ended, have counted in these columns.
    pub(crate) fn add_to(&self, sums: &mut [u64; COLUMNS], columns: Range<usize>) {
        for slot in slot::iter() {
            slot.counts.add_to(sums, self.0, columns.clone());
        }
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        if is_failed_model() {
            return;
        }
        lock(&ROWS).free.push(self.0);
    }
}

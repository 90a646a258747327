//! What openers and tests wait for, and values whose lives are counted.

use std::sync::{
    Condvar, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use gambeson_tests::{PATIENCE, wait_until};

/// Counts up, and lets wait for a number.
pub(super) struct Signal {
    count: Mutex<usize>,
    raised: Condvar,
}

impl Signal {
    pub(super) const fn new() -> Self {
        Signal {
            count: Mutex::new(0),
            raised: Condvar::new(),
        }
    }

    pub(super) fn raise(&self) {
        *self.count.lock().unwrap() += 1;
        self.raised.notify_all();
    }

    /// How often it was raised.
    pub(super) fn count(&self) -> usize {
        *self.count.lock().unwrap()
    }

    /// Waits until it was raised so often.
    #[track_caller]
    pub(super) fn wait(&self, times: usize) {
        let count = self.count.lock().unwrap();
        let waited = self
            .raised
            .wait_timeout_while(count, PATIENCE, |count| *count < times);
        let (count, _) = waited.unwrap();
        assert!(*count >= times, "raised {count} times of {times}");
    }
}

/// How many values there were, and are.
#[derive(Debug)]
pub(super) struct Census {
    born: AtomicUsize,
    dropped: AtomicUsize,
}

/// A value that is counted.
#[derive(Debug)]
pub(super) struct Counted(&'static Census);

impl Census {
    pub(super) const fn new() -> Self {
        Census {
            born: AtomicUsize::new(0),
            dropped: AtomicUsize::new(0),
        }
    }

    pub(super) fn bear(&'static self) -> Counted {
        self.born.fetch_add(1, Ordering::SeqCst);
        Counted(self)
    }

    /// How many were born, and how often one was dropped.
    pub(super) fn counts(&self) -> (usize, usize) {
        let born = self.born.load(Ordering::SeqCst);
        (born, self.dropped.load(Ordering::SeqCst))
    }

    /// Waits for these counts: where nobody waits for a drop, another thread that puts something
    /// away may be at it.
    #[track_caller]
    pub(super) fn wait(&'static self, counts: (usize, usize)) {
        let mut now = self.counts();
        wait_until(&format!("{now:?} is {counts:?}"), PATIENCE, || {
            now = self.counts();
            now == counts
        });
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

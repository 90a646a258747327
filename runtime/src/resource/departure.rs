//! The end of a value's drop, to be waited for: whoever revokes a file may open it again.

use std::{
    cell::Cell,
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

thread_local! {
    /// How many values are being dropped on this thread, one inside the other.
    static DROPPING: Cell<u32> = const { Cell::new(0) };
}

/// Marks this thread, when it is dropped, as one that drops a value next.
#[derive(Debug, Default)]
pub(super) struct Threshold;

/// Ends that when it is dropped, and tells that the value has been.
#[derive(Debug, Default)]
pub(super) struct Departure(Arc<Departing>);

/// A value that was there, and may be still.
#[derive(Debug, Default)]
pub(super) struct Departing {
    is_gone: Mutex<bool>,
    gone: Condvar,
}

impl Departure {
    pub(super) fn watch(&self) -> Arc<Departing> {
        Arc::clone(&self.0)
    }
}

impl Drop for Threshold {
    fn drop(&mut self) {
        let _ = DROPPING.try_with(|dropping| dropping.set(dropping.get() + 1));
    }
}

impl Drop for Departure {
    fn drop(&mut self) {
        let _ = DROPPING.try_with(|dropping| dropping.set(dropping.get().saturating_sub(1)));
        let mut is_gone = self
            .0
            .is_gone
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *is_gone = true;
        self.0.gone.notify_all();
    }
}

impl Departing {
    /// Waits until the value has been dropped, for `limit` at most. Not at all in the drop of a
    /// value, on whose thread this one may be about to be dropped next.
    pub(super) fn wait(&self, limit: Duration) {
        if DROPPING
            .try_with(Cell::get)
            .is_ok_and(|dropping| dropping > 0)
        {
            return;
        }
        let is_gone = self.is_gone.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .gone
            .wait_timeout_while(is_gone, limit, |is_gone| !*is_gone);
        drop(waited);
    }
}

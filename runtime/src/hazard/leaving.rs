//! What a reader kept, alone, is freed when it leaves.

use super::{Here, Mutation, Shared, is_broken, sweep};
use crate::sync::is_failed_model;

/// Frees what was replaced while its maker read: made before the read, dropped after its guard.
#[derive(Debug)]
pub(crate) struct Leaving<'a, T> {
    shared: &'a Shared<T>,
    /// The address of the value before the read. That may have marked this one in passing, and
    /// then another, so that whoever replaced this one has left it where it was.
    before: usize,
    here: Here,
}

impl<T> Shared<T> {
    /// Before a [read](Shared::read) on this thread.
    #[inline]
    pub(crate) fn before_read(&self, here: Here) -> Leaving<'_, T> {
        Leaving {
            shared: self,
            before: self.address(),
            here,
        }
    }
}

impl<T> Drop for Leaving<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if is_failed_model() || is_broken(Mutation::NoSweepAtLeave) {
            return;
        }
        self.here.leave();
        if self.shared.address() != self.before {
            sweep();
        }
    }
}

//! A panic that was caught where nobody is there to go on with it.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Payload, dispose, may_raise, raise};

/// The first of such panics, until somebody comes who can go on with it.
#[derive(Default)]
pub(crate) struct Unraised(Mutex<Option<Payload>>);

impl Unraised {
    /// Keeps a payload, if it is the first.
    pub(crate) fn keep(&self, payload: Payload) {
        let mut kept = self.lock();
        let later = if kept.is_none() {
            kept.replace(payload)
        } else {
            Some(payload)
        };
        drop(kept);
        later.map(dispose);
    }

    /// Goes on with it, if there is one; on a thread that unwinds already it stays.
    pub(crate) fn raise(&self) {
        if !may_raise() {
            return;
        }
        let kept = self.lock().take();
        if let Some(payload) = kept {
            raise(payload);
        }
    }

    /// Drops it, if there is one: nobody will come any more who can go on with it.
    pub(crate) fn give_up(&self) {
        let kept = self.lock().take();
        kept.map(dispose);
    }

    /// Whether there is one.
    pub(crate) fn is_kept(&self) -> bool {
        self.lock().is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Payload>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Unraised {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl fmt::Debug for Unraised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unraised({})", self.is_kept())
    }
}

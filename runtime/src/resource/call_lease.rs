//! The right to use a resource's value for the call that is running on this thread.

use std::{fmt, ops::Deref};

use super::{Holding, Lease, Resource};
use crate::hazard::{self, Guard, Here, Shared};

/// As a [`Lease`], for a call that stays on its thread: it rides on a mark in the thread's slot,
/// so that it costs no locked operation.
pub struct CallLease<'a, T: Send + Sync + 'static>(Way<'a, T>);

enum Way<'a, T: Send + Sync + 'static> {
    Marked(Marked<'a, T>),
    /// The thread has no mark left.
    Counted(Lease<T>),
}

/// The fields are dropped in this order.
struct Marked<'a, T: Send + Sync + 'static> {
    holding: Guard<'a, Holding<T>>,
    _left: Left<'a, T>,
}

/// Frees the value, if this was what it was kept for.
struct Left<'a, T: Send + Sync + 'static> {
    current: &'a Shared<Holding<T>>,
    address: usize,
    here: Here,
}

impl<T: Send + Sync + 'static> Resource<T> {
    /// A lease on the value by a mark; `None` where only a whole [`Resource::lease`] can tell.
    #[inline]
    pub(crate) fn lease_here(&self) -> Option<CallLease<'_, T>> {
        let here = hazard::here()?;
        let holding = self.current.read(here)?;
        let left = Left {
            current: &self.current,
            address: std::ptr::from_ref(&*holding).addr(),
            here,
        };
        let marked = Marked {
            holding,
            _left: left,
        };
        // After the mark, as by a call that goes through a gate.
        let is_open = !marked.holding.gate.is_closed();
        is_open.then(|| CallLease(Way::Marked(marked)))
    }
}

impl<T: Send + Sync + 'static> From<Lease<T>> for CallLease<'_, T> {
    fn from(lease: Lease<T>) -> Self {
        CallLease(Way::Counted(lease))
    }
}

impl<T: Send + Sync + 'static> Drop for Left<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.here.leave();
        if self.current.address() != self.address {
            hazard::sweep();
        }
    }
}

impl<T: Send + Sync + 'static> Deref for CallLease<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        match &self.0 {
            Way::Marked(marked) => marked.holding.value(),
            Way::Counted(lease) => lease,
        }
    }
}

impl<T: fmt::Debug + Send + Sync + 'static> fmt::Debug for CallLease<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CallLease").field(&**self).finish()
    }
}

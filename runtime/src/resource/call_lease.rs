//! The right to use a resource's value for the call that is running on this thread.

use std::{fmt, ops::Deref};

use super::{Lease, Resource, holding::Holding};
use crate::hazard::{self, Guard, Leaving};

/// As a [`Lease`], for a call that stays on its thread: it rides on a mark in the thread's slot,
/// so that it costs no locked operation.
pub struct CallLease<'a, T>(Way<'a, T>);

enum Way<'a, T> {
    Marked(Marked<'a, T>),
    /// The thread has no mark left.
    Counted(Lease<T>),
}

/// The fields are dropped in this order.
struct Marked<'a, T> {
    holding: Guard<'a, Holding<T>>,
    _leaving: Leaving<'a, Holding<T>>,
}

impl<T> Resource<T> {
    /// A lease on the value by a mark; `None` where only a whole [`Resource::lease`] can tell.
    #[inline]
    pub(crate) fn lease_here(&self) -> Option<CallLease<'_, T>> {
        let here = hazard::here()?;
        let leaving = self.current.before_read(here);
        let marked = Marked {
            holding: self.current.read(here)?,
            _leaving: leaving,
        };
        // After the mark, as by a call that goes through a gate.
        let is_open = !marked.holding.gate.is_closed();
        is_open.then(|| CallLease(Way::Marked(marked)))
    }
}

impl<T> From<Lease<T>> for CallLease<'_, T> {
    fn from(lease: Lease<T>) -> Self {
        CallLease(Way::Counted(lease))
    }
}

impl<T> Deref for CallLease<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        match &self.0 {
            Way::Marked(marked) => marked.holding.value(),
            Way::Counted(lease) => lease,
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for CallLease<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CallLease").field(&**self).finish()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;
    use crate::SkipReason;

    #[derive(Debug)]
    struct Till(mpsc::Sender<()>);

    impl Drop for Till {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }

    #[test]
    fn a_value_that_is_revoked_goes_with_its_last_lease() {
        static TILL: Resource<Till> = Resource::new("till");
        let (sender, dropped) = mpsc::channel();
        let provided = TILL.provide(Till(sender));
        let (first, second) = (TILL.lease_here().unwrap(), TILL.lease_here().unwrap());
        assert_eq!(provided.revoke(Duration::ZERO).outstanding, 2);
        assert!(TILL.lease_here().is_none());
        assert_eq!(TILL.lease().unwrap_err().reason(), SkipReason::ShuttingDown);
        drop(first);
        assert!(dropped.try_recv().is_err(), "the second lease keeps it");
        drop(second);
        assert!(dropped.try_recv().is_ok());
    }

    #[test]
    fn a_revoke_waits_for_the_lease_of_another_thread() {
        static TILL: Resource<u32> = Resource::new("till");
        let _provided = TILL.provide(7);
        let (leased, is_leased) = mpsc::channel();
        let (go_on, goes_on) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let user = scope.spawn(move || {
                let lease = TILL.lease_here().unwrap();
                leased.send(()).unwrap();
                goes_on.recv().unwrap();
                *lease
            });
            is_leased.recv().unwrap();
            assert_eq!(TILL.revoke(Duration::ZERO).outstanding, 1);
            go_on.send(()).unwrap();
            assert_eq!(user.join().unwrap(), 7);
        });
        assert_eq!(TILL.revoke(Duration::ZERO).outstanding, 0);
    }

    #[test]
    fn a_thread_without_marks_left_leases_by_a_count() {
        static TILL: Resource<u32> = Resource::new("till");
        let _provided = TILL.provide(7);
        let marked: Vec<_> = std::iter::from_fn(|| TILL.lease_here()).take(100).collect();
        assert!(marked.len() < 100);
        let counted = crate::private::lease_here(&TILL).unwrap();
        assert_eq!(*counted, 7);
        assert_eq!(TILL.revoke(Duration::ZERO).outstanding, marked.len() + 1);
    }
}

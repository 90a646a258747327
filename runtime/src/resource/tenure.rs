//! How a value comes to a resource, and how it goes.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use super::{DrainReport, Holding, Resource, Slot};
use crate::{
    contain::Kept,
    gate::{Gate, Idle},
    hazard,
    running::inside_handler,
};

impl<T: Send + Sync + 'static> Resource<T> {
    /// Puts a value in the place of the one that is there.
    pub(super) fn begin(&self, value: T) -> Arc<Holding<T>> {
        let holding = Arc::new(Holding {
            gate: Gate::left_silently(),
            value: Kept::new(value),
        });
        let replaced = self.change(&holding, |_| {
            Some(Arc::new(Slot::Provided(Arc::clone(&holding))))
        });
        if let Some(Slot::Provided(replaced)) = replaced.as_deref() {
            replaced.gate.close();
        }
        hazard::sweep();
        holding
    }

    pub(super) fn drain(&self, holding: &Arc<Holding<T>>, deadline: Duration) -> DrainReport {
        holding.gate.close();
        let limit = if inside_handler() {
            Duration::ZERO
        } else {
            deadline
        };
        let outstanding = match holding.gate.wait_idle(limit) {
            Idle::Reached => 0,
            Idle::Busy(outstanding) => outstanding,
        };
        let revoked = Arc::new(Slot::Revoked(Arc::downgrade(holding)));
        drop(self.change(holding, |current| current.then_some(revoked)));
        // What is not leased by a mark any more is not kept by one.
        hazard::sweep();
        DrainReport {
            resource: self.name,
            outstanding,
            holders: Vec::new(),
        }
    }

    /// Puts another slot in the place of this one, unless `update` has none; it is told whether
    /// `holding` is provided now. Returns what was replaced, to be dropped without the lock.
    fn change(
        &self,
        holding: &Arc<Holding<T>>,
        update: impl FnOnce(bool) -> Option<Arc<Slot<T>>>,
    ) -> Option<Arc<Slot<T>>> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let is_provided = matches!(
            self.slot.load().as_deref(),
            Some(Slot::Provided(now)) if Arc::ptr_eq(now, holding)
        );
        let slot = update(is_provided)?;
        let current = matches!(&*slot, Slot::Provided(_)).then(|| Arc::clone(holding));
        let replaced = self.slot.swap(Some(slot));
        self.current.replace(current);
        replaced
    }
}

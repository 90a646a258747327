//! Which slot is this thread's.
//!
//! The thread-local that is asked on every call has no destructor, so that it works in those of all
//! others. Another one has: it gives the slot back. What comes after that goes without a slot.

use std::{cell::Cell, marker::PhantomData};

use super::{
    counts::Counters,
    slot::{self, Mark, Slot},
};
use crate::sync::is_failed_model;

/// This thread's slot, on this thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here {
    slot: &'static Slot,
    _thread: PhantomData<*const ()>,
}

struct Local {
    slot: Cell<Option<&'static Slot>>,
    /// The newest counters of the slot.
    counts: Cell<&'static [Counters]>,
}

/// Gives the slot back when the thread ends.
struct GiveBack(&'static Slot);

#[cfg(not(loom))]
thread_local! {
    static LOCAL: Local = const {
        Local { slot: Cell::new(None), counts: Cell::new(&[]) }
    };
    static GIVE_BACK: Cell<Option<GiveBack>> = const { Cell::new(None) };
}

#[cfg(loom)]
loom::thread_local! {
    static LOCAL: Local = Local { slot: Cell::new(None), counts: Cell::new(&[]) };
    static GIVE_BACK: Cell<Option<GiveBack>> = Cell::new(None);
}

/// This thread's slot; `None` once it was given back.
#[inline]
pub(crate) fn here() -> Option<Here> {
    match LOCAL.with(|local| local.slot.get()) {
        Some(slot) => Some(Here::of(slot)),
        None => take(),
    }
}

#[cold]
fn take() -> Option<Here> {
    GIVE_BACK
        .try_with(|give_back| {
            let slot = slot::take();
            give_back.set(Some(GiveBack(slot)));
            LOCAL.with(|local| {
                local.slot.set(Some(slot));
                local.counts.set(slot.counts.newest());
            });
            Here::of(slot)
        })
        .ok()
}

impl Drop for GiveBack {
    fn drop(&mut self) {
        if is_failed_model() {
            return;
        }
        let _ = LOCAL.try_with(|local| {
            local.slot.set(None);
            local.counts.set(&[]);
        });
        self.0.release();
    }
}

impl Here {
    #[inline]
    fn of(slot: &'static Slot) -> Self {
        Here {
            slot,
            _thread: PhantomData,
        }
    }

    /// Whether this thread's events go to another telemetry than the process's.
    #[inline]
    pub(crate) fn is_diverted(self) -> bool {
        self.slot.is_diverted()
    }

    pub(crate) fn divert(self, diverted: bool) {
        self.slot.divert(diverted);
    }

    /// Marks what is looked up for a call: a list of handlers, a bound function. `None` where this
    /// thread uses too many things already.
    #[inline]
    pub(super) fn mark_found(self, address: usize) -> Option<Mark> {
        self.slot.mark(address, 0)
    }

    /// Marks the gate that a call goes through. `None` where this thread uses too many things
    /// already.
    #[inline]
    pub(crate) fn mark_gate(self, address: usize) -> Option<Mark> {
        self.slot.mark(address, 1)
    }

    #[inline]
    pub(super) fn move_to(self, mark: &Mark, address: usize) {
        self.slot.move_to(mark, address);
    }

    /// Whether this thread runs the code of a call at `address`.
    pub(crate) fn runs(self, address: usize) -> bool {
        self.slot.runs(address)
    }

    /// Whether this thread marks anything.
    pub(crate) fn is_in_use(self) -> bool {
        self.slot.is_in_use()
    }

    /// This thread's counters in a row.
    #[inline]
    pub(crate) fn counters(self, row: usize) -> &'static Counters {
        match LOCAL.with(|local| local.counts.get()).get(row) {
            Some(counters) => counters,
            None => self.grown(row),
        }
    }

    #[cold]
    fn grown(self, row: usize) -> &'static Counters {
        let newest = self.slot.counts.grow(row);
        LOCAL.with(|local| local.counts.set(newest));
        &newest[row]
    }
}

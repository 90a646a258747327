//! Which slot is this thread's.
//!
//! The thread-local that is asked on every call has no destructor, so that it works in those of all
//! others. Another one has: it gives the slot back. What comes after that goes without a slot.

use std::{cell::Cell, marker::PhantomData};

use super::{
    barrier::light,
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

/// The slot of a thread that was found [idle](state::IDLE): nothing else is outside of the call
/// that comes. With `FENCED` its marks need a fence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outermost<const FENCED: bool>(Here);

/// Who may mark things in this thread's slot.
pub(crate) trait Marker: Copy {
    /// Marks what is looked up for a call: a list of handlers, a bound function. `None` where this
    /// thread has no mark for it.
    fn mark_found(self, address: usize) -> Option<Mark>;

    /// Marks the gate that a call goes through. `None` where this thread has no mark for it.
    fn mark_gate(self, address: usize) -> Option<Mark>;

    /// Marks the thing at `address` in the place of what was marked.
    fn move_to(self, mark: &Mark, address: usize);
}

/// In one place, so that a call computes one address.
struct Local {
    state: Cell<u8>,
    slot: Cell<Option<&'static Slot>>,
    /// The newest counters of the slot.
    counts: Cell<&'static [Counters]>,
}

/// What a call has to look at before it goes the short way. It is one word, to be tested at once.
pub(crate) mod state {
    /// Nothing: no call is running on this thread, and nothing is left over from an earlier one.
    pub(crate) const IDLE: u8 = 0;
    /// A guarded call is running, whose panics are silent.
    pub(crate) const SILENT: u8 = 1;
    /// A guarded call is running, of whose panics the previous hook tells.
    pub(crate) const LOUD: u8 = 2;
    /// What is left of earlier calls has to be looked at, or the hook.
    pub(crate) const UNSETTLED: u8 = 4;
    /// Events of this thread go to another telemetry than the process's.
    pub(crate) const DIVERTED: u8 = 8;
    /// A mark needs a fence.
    pub(crate) const FENCED: u8 = 16;
    /// A handler's future is being polled.
    pub(crate) const POLLING: u8 = 32;

    /// What stays as it is whatever guarded call is the innermost.
    pub(crate) const LASTING: u8 = DIVERTED | FENCED | POLLING;

    #[inline]
    pub(crate) fn get() -> u8 {
        super::LOCAL.with(|local| local.state.get())
    }

    #[inline]
    pub(crate) fn set(state: u8) {
        super::LOCAL.with(|local| local.state.set(state));
    }
}

/// Gives the slot back when the thread ends.
struct GiveBack(&'static Slot);

#[cfg(not(loom))]
thread_local! {
    static LOCAL: Local = const {
        Local {
            state: Cell::new(state::UNSETTLED),
            slot: Cell::new(None),
            counts: Cell::new(&[]),
        }
    };
    static GIVE_BACK: Cell<Option<GiveBack>> = const { Cell::new(None) };
}

#[cfg(loom)]
loom::thread_local! {
    static LOCAL: Local = Local {
        state: Cell::new(state::UNSETTLED),
        slot: Cell::new(None),
        counts: Cell::new(&[]),
    };
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

/// This thread's slot, if the thread is idle.
#[inline]
pub(crate) fn outermost<const FENCED: bool>() -> Option<Outermost<FENCED>> {
    LOCAL.with(|local| {
        if local.state.get() != Outermost::<FENCED>::IDLE {
            return None;
        }
        local.slot.get().map(|slot| Outermost(Here::of(slot)))
    })
}

/// Whether this thread's events go to another telemetry than the process's.
pub(crate) fn is_diverted() -> bool {
    state::get() & state::DIVERTED != 0
}

/// Says whether events of this thread go to another telemetry than the process's.
pub(crate) fn divert(diverted: bool) {
    let others = state::get() & !state::DIVERTED;
    let diverted = if diverted { state::DIVERTED } else { 0 };
    state::set(others | diverted);
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
                if !slot.is_asymmetric() {
                    local.state.set(local.state.get() | state::FENCED);
                }
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

    /// Between the end of a mark and a look at what it kept: one of this thread and who frees it
    /// sees the other.
    #[inline]
    pub(crate) fn leave(self) {
        light(self.slot.is_asymmetric());
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

impl Marker for Here {
    #[inline]
    fn mark_found(self, address: usize) -> Option<Mark> {
        self.mark_gate(address)
    }

    #[inline]
    fn mark_gate(self, address: usize) -> Option<Mark> {
        let mark = self.slot.free_mark()?;
        self.move_to(&mark, address);
        Some(mark)
    }

    #[inline]
    fn move_to(self, mark: &Mark, address: usize) {
        mark.set(address, self.slot.is_asymmetric());
    }
}

impl<const FENCED: bool> Outermost<FENCED> {
    /// What the state of the thread is between calls.
    pub(crate) const IDLE: u8 = if FENCED { state::FENCED } else { state::IDLE };

    #[inline]
    pub(crate) fn here(self) -> Here {
        self.0
    }

    #[inline]
    fn mark(self, address: usize, index: usize) -> Option<Mark> {
        let mark = self.0.slot.mark(index)?;
        self.move_to(&mark, address);
        Some(mark)
    }
}

impl<const FENCED: bool> Marker for Outermost<FENCED> {
    #[inline]
    fn mark_found(self, address: usize) -> Option<Mark> {
        self.mark(address, 0)
    }

    #[inline]
    fn mark_gate(self, address: usize) -> Option<Mark> {
        self.mark(address, 1)
    }

    #[inline]
    fn move_to(self, mark: &Mark, address: usize) {
        mark.set(address, !FENCED);
    }
}

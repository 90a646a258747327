//! The entry into a guarded call for a thread on which nothing has to be looked at: one look at the
//! thread's state before the call, and one after it.

use super::frame::{self, Seen};
use crate::hazard::{
    Outermost,
    state::{self, LASTING, POLLING, SILENT},
};

/// A guarded call on this thread's stack that found nothing to look at, as almost all do.
#[derive(Clone, Copy)]
pub(crate) struct Quiet {
    /// The state of the thread before the call, and after it.
    idle: u8,
    /// The state that the call is left in if it goes well.
    running: u8,
}

impl Quiet {
    /// Enters a silent call; `None` where there is something to look at. It has to be left.
    #[inline]
    pub(crate) fn enter() -> Option<Self> {
        let idle = state::get();
        if std::thread::panicking() || idle & !LASTING != 0 {
            return None;
        }
        Some(Quiet::of(idle, SILENT))
    }

    /// The same for a poll of a handler's future.
    #[inline]
    pub(super) fn enter_poll() -> Option<Self> {
        let idle = state::get();
        if std::thread::panicking() || idle & !LASTING != 0 {
            return None;
        }
        Some(Quiet::of(idle, SILENT | POLLING))
    }

    /// The same for the outermost call of a thread.
    #[inline]
    pub(crate) fn enter_outermost<const FENCED: bool>(_: Outermost<FENCED>) -> Option<Self> {
        (!std::thread::panicking()).then(|| Quiet::of(Outermost::<FENCED>::IDLE, SILENT))
    }

    #[inline]
    fn of(idle: u8, call: u8) -> Self {
        let running = idle | call;
        state::set(running);
        Quiet { idle, running }
    }

    /// Whether the code left nothing to look at.
    #[inline]
    pub(crate) fn is_settled(self) -> bool {
        state::get() == self.running
    }

    /// Ends the call. A panic that the code caught by itself stays visible.
    #[inline]
    pub(crate) fn leave(self) {
        if self.is_settled() {
            state::set(self.idle);
        } else {
            self.leave_unsettled();
        }
    }

    #[cold]
    fn leave_unsettled(self) {
        let captured = frame::settle();
        self.leave_poll();
        if let Some(captured) = captured {
            captured.print();
        }
    }

    /// Ends the call with a panic.
    pub(super) fn leave_panicked(self) -> Seen {
        let seen = frame::settle_panicked();
        self.leave_poll();
        seen
    }

    fn leave_poll(self) {
        state::set(state::get() & !POLLING | self.idle & POLLING);
    }
}

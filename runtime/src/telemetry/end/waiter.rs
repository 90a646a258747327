//! What the thread that shuts down can wait for.

use crate::{handler::Entry, running::inside_handler};

/// Whoever shuts a telemetry down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// It goes on afterwards; inside a handler's call it waits for none.
    Stays,
    /// It never returns; inside a handler's call it waits for all others.
    Leaves,
}

/// Where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiter {
    asker: Asker,
    is_inside: bool,
    /// Whether this thread is the only one that could run async handlers.
    blocks_runtime: bool,
}

impl Waiter {
    pub(super) fn of(asker: Asker, blocks_runtime: bool) -> Self {
        Waiter {
            asker,
            is_inside: inside_handler(),
            blocks_runtime,
        }
    }

    /// Whether it may wait for anything but what it is itself a part of.
    pub(super) fn may_wait(self) -> bool {
        !self.is_inside || self.asker == Asker::Leaves
    }

    /// Another thread has to run the host's tasks meanwhile.
    pub(super) fn may_wait_for_tasks(self) -> bool {
        self.may_wait() && !self.blocks_runtime
    }

    /// A handler's call may hold the lease it would wait for, and so may an async one that is left
    /// where only this thread can run it.
    pub(super) fn may_wait_for_leases(self, is_any_left: bool) -> bool {
        !(self.is_inside || self.blocks_runtime && is_any_left)
    }

    pub(super) fn may_wait_for(self, entry: &Entry) -> bool {
        if entry.is_async() && (self.blocks_runtime || self.is_inside) {
            return false;
        }
        self.may_wait() && !(self.is_inside && entry.runs_here())
    }
}

//! What becomes of a handler's quarantine, told in the order in which it did.

use std::{collections::VecDeque, time::Duration};

/// How much waits for the thread that tells. Of more, the oldest is left out: what counts is how it
/// is now.
const ROOM: usize = 64;

/// What became of a handler's quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Quarantined {
        cooldown: Duration,
        is_by_hand: bool,
    },
    /// One call finds out whether the handler works again.
    HalfOpen,
    Readmitted,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hearing {
    /// Handlers, too.
    Everybody,
    /// People: it came of an event that told handlers of handlers, and to tell them of that might
    /// never end.
    People,
}

/// What waits to be told, and whether a thread does so.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: VecDeque<(Change, Hearing)>,
    is_told: bool,
}

impl Outbox {
    pub(super) fn post(&mut self, change: Change, hearing: Hearing) {
        if self.waiting.len() == ROOM {
            self.waiting.pop_front();
        }
        self.waiting.push_back((change, hearing));
    }

    /// What this thread tells next, until it says that it has; nothing while another one tells.
    pub(super) fn begin(&mut self) -> Option<(Change, Hearing)> {
        if self.is_told {
            return None;
        }
        let next = self.waiting.pop_front();
        self.is_told = next.is_some();
        next
    }

    pub(super) fn end(&mut self) {
        self.is_told = false;
    }
}

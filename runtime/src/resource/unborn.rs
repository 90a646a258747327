//! What is known of a value while its opener runs.

use super::DownCause;

/// What an opener is making.
#[derive(Debug)]
pub(super) enum Opening {
    /// A value that will be taken.
    Awaited(Unborn),
    /// A value of this number, which nobody wants any more.
    Abandoned(u64),
}

/// A value that is not there yet, though what it is made of may have ended already.
#[derive(Debug)]
pub(super) struct Unborn {
    number: u64,
    ended: Option<DownCause>,
    /// Why nobody would tell of its end.
    unwatched: Option<DownCause>,
}

impl Opening {
    pub(super) fn of(number: u64) -> Self {
        Opening::Awaited(Unborn {
            number,
            ended: None,
            unwatched: None,
        })
    }

    pub(super) fn number(&self) -> u64 {
        match self {
            Opening::Awaited(unborn) => unborn.number,
            Opening::Abandoned(number) => *number,
        }
    }

    pub(super) fn abandon(&mut self) {
        *self = Opening::Abandoned(self.number());
    }

    /// The value, if it is still wanted.
    pub(super) fn awaited(&mut self) -> Option<&mut Unborn> {
        match self {
            Opening::Awaited(unborn) => Some(unborn),
            Opening::Abandoned(_) => None,
        }
    }
}

impl Unborn {
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// What it is made of has ended; the first end is the one that counts.
    pub(super) fn ended(&mut self, cause: DownCause) {
        self.ended.get_or_insert(cause);
    }

    pub(super) fn watch_lost(&mut self, cause: DownCause) {
        self.unwatched = Some(cause);
    }

    pub(super) fn watched(&mut self) {
        self.unwatched = None;
    }

    /// Why it is dead before it was there, if it is.
    pub(super) fn stillborn(&self) -> Option<&DownCause> {
        self.ended.as_ref()
    }

    /// Why it begins as stale, if it does.
    pub(super) fn into_unwatched(self) -> Option<DownCause> {
        self.unwatched
    }
}

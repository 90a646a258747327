//! What becomes of a resource, told in the order in which it did.

use std::{collections::VecDeque, fmt, sync::OnceLock, thread::ThreadId};

use super::{Down, life::Life};
use crate::{contain, hazard::current_thread_id, limiter::Limiters};

/// How much waits for a thread that tells. Beyond that the order is given up, and not the news.
const ROOM: usize = 1024;

/// What became of a resource.
#[derive(Debug)]
pub(crate) struct News<'a> {
    pub(crate) resource: &'a Life,
    pub(crate) what: &'a What,
    /// The limit of what is logged of it.
    pub(crate) limiters: &'a Limiters,
}

/// What became of it.
#[derive(Debug)]
pub(crate) enum What {
    Down(Down),
    Up {
        /// Whether it is back, after it was down by a failure.
        recovered: bool,
    },
}

/// Tells it as if it were where this was made.
pub(crate) type Tell = Box<dyn FnOnce(&News<'_>) + Send>;

/// Who tells of it, to people and handlers: the rooms above this one.
static TELLER: OnceLock<fn() -> Tell> = OnceLock::new();

/// Sets who tells what becomes of resources.
pub(crate) fn told_by(teller: fn() -> Tell) {
    let _ = TELLER.set(teller);
}

/// Something that has not been told yet.
pub(super) struct Untold {
    what: What,
    tell: Option<Tell>,
}

/// What waits to be told, and the thread that does so: one at a time, so that what came first is
/// told first. Nobody waits for it; whoever comes meanwhile leaves it their news.
#[derive(Debug)]
pub(super) struct Outbox {
    waiting: VecDeque<Untold>,
    teller: Option<ThreadId>,
}

impl Untold {
    pub(super) fn new(what: What) -> Self {
        Untold {
            what,
            tell: TELLER.get().map(|teller| teller()),
        }
    }

    /// Tellers lead to handlers: a panic there, as of one in strict mode, is told by whoever called
    /// it and stops nothing here.
    pub(super) fn tell(self, resource: &Life, limiters: &Limiters) {
        let Untold { what, tell } = self;
        let Some(tell) = tell else { return };
        let news = News {
            resource,
            what: &what,
            limiters,
        };
        contain::attempt(move || tell(&news));
    }
}

impl Outbox {
    pub(super) const fn new() -> Self {
        Outbox {
            waiting: VecDeque::new(),
            teller: None,
        }
    }

    /// Takes news in. Those of what a handler of earlier ones does stay, to be told at once: it is
    /// not called for them, since it is inside its own call. So do those of a thread that is too
    /// far gone to say which one it is.
    pub(super) fn post(&mut self, news: &mut Vec<Untold>) {
        let here = current_thread_id();
        let is_inside = here.is_none() || here == self.teller;
        if !is_inside && self.waiting.len() < ROOM {
            self.waiting.extend(news.drain(..));
        }
    }

    /// What is to be told next by this thread, and by no other one until it asks again.
    pub(super) fn next(&mut self) -> Option<Untold> {
        let here = current_thread_id()?;
        if self.teller.is_some_and(|teller| teller != here) {
            return None;
        }
        let next = self.waiting.pop_front();
        self.teller = next.is_some().then_some(here);
        next
    }
}

impl fmt::Debug for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)
    }
}

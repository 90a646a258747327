//! What this thread is running now, so that a handler is not run inside itself and a wait for a
//! handler is not made from inside one.
//!
//! The thread-local has no destructor, so that it works in the destructors of all others.

use std::cell::Cell;

use crate::hazard::{self, state};

/// How many handlers may be nested on one thread.
const DEPTH: usize = 16;

struct Running {
    entries: [Cell<usize>; DEPTH],
    depth: Cell<usize>,
    inside: Cell<usize>,
}

thread_local! {
    static RUNNING: Running = const {
        Running {
            entries: [const { Cell::new(0) }; DEPTH],
            depth: Cell::new(0),
            inside: Cell::new(0),
        }
    };
}

/// Whether this thread is inside a handler's call.
pub(crate) fn inside_handler() -> bool {
    RUNNING.with(|running| running.inside.get() > 0)
        || state::get() & state::POLLING != 0
        || hazard::here().is_some_and(hazard::Here::is_in_use)
}

/// Marks this thread as being inside a handler's call, or in what tells of one.
pub(crate) struct Inside(());

impl Inside {
    pub(crate) fn enter() -> Self {
        RUNNING.with(|running| running.inside.set(running.inside.get() + 1));
        Inside(())
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        RUNNING.with(|running| running.inside.set(running.inside.get() - 1));
    }
}

#[cfg(feature = "tracing-layer")]
thread_local! {
    static TELLING: Cell<bool> = const { Cell::new(false) };
}

/// Marks this thread as telling handlers of what tracing saw: what they do through tracing is not
/// told again, which would never end.
#[cfg(feature = "tracing-layer")]
pub(crate) struct Telling(());

#[cfg(feature = "tracing-layer")]
impl Telling {
    /// `None` where it does already.
    pub(crate) fn begin() -> Option<Self> {
        (!TELLING.replace(true)).then(|| Telling(()))
    }
}

#[cfg(feature = "tracing-layer")]
impl Drop for Telling {
    fn drop(&mut self) {
        TELLING.set(false);
    }
}

/// Marks the handler of an emission as running on this thread.
pub(crate) struct Nested(());

impl Nested {
    /// `None` where the handler is running on this thread already, or too many others are.
    pub(crate) fn enter(entry: usize) -> Option<Self> {
        RUNNING.with(|running| {
            let depth = running.depth.get();
            if depth == DEPTH
                || running.entries[..depth]
                    .iter()
                    .any(|other| other.get() == entry)
            {
                return None;
            }
            running.entries[depth].set(entry);
            running.depth.set(depth + 1);
            Some(Nested(()))
        })
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        RUNNING.with(|running| running.depth.set(running.depth.get() - 1));
    }
}

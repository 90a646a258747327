//! The end of a panic's payload, whose `Drop` is user code, too.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{
    frame::{Frame, Voice},
    payload::{Payload, is_text},
};

/// How many payloads that panic while they are dropped are followed before the last is leaked.
const DROP_ROUNDS: usize = 8;

/// What became of a payload that was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Disposed {
    /// How many drops panicked: its own, and those of what they panicked with.
    pub(crate) panics: u32,
    /// Whether the last of a chain that did not end was leaked.
    pub(crate) leaked: bool,
}

/// Drops a payload whose `Drop` may panic, with a payload whose `Drop` may panic, and so on.
pub(crate) fn dispose(payload: Payload) -> Disposed {
    let mut panics = 0;
    if is_text(&*payload) {
        let leaked = false;
        return Disposed { panics, leaked };
    }
    let mut next = Some(payload);
    for _ in 0..DROP_ROUNDS {
        let Some(payload) = next.take() else { break };
        // A frame for each, so that the hook takes none of them for one that was caught inside.
        let frame = Frame::enter(Voice::Silent);
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        let _ = frame.leave();
        if let Err(another) = dropped {
            panics += 1;
            next = Some(another);
        }
    }
    let leaked = next.is_some();
    std::mem::forget(next);
    Disposed { panics, leaked }
}

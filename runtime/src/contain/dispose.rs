//! The end of a panic's payload, whose `Drop` is user code, too.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{
    frame::{Frame, Voice},
    payload::{Payload, is_text},
};

/// How many payloads that panic while they are dropped are followed before the last is leaked.
const DROP_ROUNDS: usize = 8;

/// Drops a payload whose `Drop` may panic, with a payload whose `Drop` may panic, and so on.
/// Returns how many did; the last of a chain that does not end is leaked.
pub(crate) fn dispose(payload: Payload) -> u32 {
    if is_text(&*payload) {
        return 0;
    }
    let mut panics = 0;
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
    if let Some(last) = next {
        std::mem::forget(last);
    }
    panics
}

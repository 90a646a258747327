//! The async form: every poll in the span, a panic told and passed on, a drop told as cancelled.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
};

use super::Opened;
use crate::verdict::Failed;

/// Runs the body of an instrumented async function.
pub async fn instrument_async<R, F: Future<Output = R>>(
    opened: Opened,
    future: F,
    failed: impl for<'v> FnOnce(&'v R) -> Option<Failed<'v>>,
    told: impl FnOnce(&R),
) -> R {
    let answer = {
        let mut future = pin!(future);
        poll_fn(|context| {
            let poll = || catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
            match opened.span.in_scope(poll) {
                Ok(poll) => poll.map(Ok),
                Err(payload) => std::task::Poll::Ready(Err(payload)),
            }
        })
        .await
    };
    match answer {
        Ok(value) => {
            opened.returned(&value, failed, told);
            value
        }
        Err(payload) => opened.panicked(payload),
    }
}

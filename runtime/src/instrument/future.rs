//! The async form: every poll in the span, a panic told and passed on, a drop told as cancelled.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use tracing::Span;

use super::Opened;
use crate::{contain::Payload, verdict::Failed};

/// Runs the body of an instrumented async function.
///
/// The future is borrowed, since an async function keeps what it is given by value twice.
pub async fn instrument_async<R, F: Future<Output = R>>(
    opened: Opened,
    future: Pin<&mut Option<F>>,
    failed: impl for<'v> FnOnce(&'v R) -> Option<Failed<'v>>,
    told: impl FnOnce(&R),
) -> R {
    let answer = {
        let span = opened.span.clone();
        let mut held = Held { span, future };
        poll_fn(|context| held.poll(context)).await
    };
    match answer {
        Ok(value) => {
            opened.returned(&value, failed, told);
            value
        }
        Err(payload) => opened.panicked(payload),
    }
}

/// Drops the future in the span, however it ends.
struct Held<'a, F> {
    span: Span,
    future: Pin<&'a mut Option<F>>,
}

impl<F: Future> Held<'_, F> {
    /// What the future owns is dropped as soon as it is ready: that may panic too.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<F::Output, Payload>> {
        let Held { span, future } = self;
        let poll = || {
            let polled = future.as_mut().as_pin_mut()?.poll(context);
            if polled.is_ready() {
                future.set(None);
            }
            Some(polled)
        };
        match span.in_scope(|| catch_unwind(AssertUnwindSafe(poll))) {
            Ok(polled) => polled.unwrap_or(Poll::Pending).map(Ok),
            Err(payload) => Poll::Ready(Err(payload)),
        }
    }
}

impl<F> Drop for Held<'_, F> {
    fn drop(&mut self) {
        let Held { span, future } = self;
        if future.is_some() {
            span.in_scope(|| future.set(None));
        }
    }
}

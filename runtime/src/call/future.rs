//! A future whose every poll, and whose drop, is guarded.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use super::Attempt;
use crate::contain::{self, Caught};

/// Drops the future inside a guard, however it ends.
struct Held<'a, F>(Pin<&'a mut Option<F>>);

impl<F> Held<'_, F> {
    fn end(&mut self) {
        contain::attempt(|| self.0.set(None));
    }
}

impl<F> Drop for Held<'_, F> {
    fn drop(&mut self) {
        if self.0.is_some() {
            self.end();
        }
    }
}

/// Polls the future of a call in the call's guard. After a panic it is dropped and never polled
/// again. If this is dropped before the end, the attempt counts the call as cancelled.
///
/// The future is borrowed, since an async function keeps what it is given by value twice.
pub(crate) async fn guarded<F: Future>(
    attempt: &Attempt<'_>,
    future: Pin<&mut Option<F>>,
) -> Result<F::Output, Caught> {
    let mut held = Held(future);
    poll_fn(|context| {
        let Some(future) = held.0.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        match attempt.run(|_| future.poll(context)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => {
                held.end();
                Poll::Ready(Ok(value))
            }
            Err(caught) => {
                held.end();
                Poll::Ready(Err(caught))
            }
        }
    })
    .await
}

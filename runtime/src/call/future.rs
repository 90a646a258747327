//! A future whose every poll, and whose drop, is guarded.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::atomic::Ordering,
    task::Poll,
};

use super::Attempt;
use crate::{
    contain::{self, Caught},
    running::Inside,
};

/// The future of a call, borrowed, since an async function keeps what it is given by value twice.
/// However it ends, it is dropped inside a guard, and as a part of the call.
pub(crate) struct Held<'a, F>(Pin<&'a mut Option<F>>);

impl<'a, F> Held<'a, F> {
    pub(crate) fn new(future: Pin<&'a mut Option<F>>) -> Self {
        Held(future)
    }

    /// Drops the future; `None` if that panicked.
    fn end(&mut self) -> Option<()> {
        let _inside = Inside::enter();
        contain::attempt(|| self.0.set(None))
    }
}

impl<F> Drop for Held<'_, F> {
    fn drop(&mut self) {
        if self.0.is_some() {
            self.end();
        }
    }
}

/// The future of a call that was polled: what its drop comes to is counted.
struct Polled<'a, 'h, F> {
    held: Held<'h, F>,
    attempt: &'a Attempt<'a>,
}

impl<F> Drop for Polled<'_, '_, F> {
    fn drop(&mut self) {
        if self.held.end().is_none() {
            let counted = &self.attempt.target.entry.tally.future_drop_panics;
            counted.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Polls the future of a call in the call's guard. After a panic it is dropped and never polled
/// again. If this is dropped before the end, the attempt counts the call as cancelled.
pub(crate) async fn guarded<F: Future>(
    attempt: &Attempt<'_>,
    held: Held<'_, F>,
) -> Result<F::Output, Caught> {
    let voice = attempt.voice();
    let mut polled = Polled { held, attempt };
    poll_fn(|context| {
        let Some(future) = polled.held.0.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        match contain::catch_poll(voice, || future.poll(context)) {
            Ok(poll) => poll.map(Ok),
            Err(caught) => Poll::Ready(Err(caught)),
        }
    })
    .await
}

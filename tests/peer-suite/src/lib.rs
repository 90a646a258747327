//! What the peer's tests take from a crate that is not published: a future that is ready at a
//! certain poll, and an executor that counts on nothing but being asked again.

use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

/// A future that is ready when it is polled for the `n`th time.
#[derive(Debug)]
pub struct PollN<T, E> {
    polls_left: usize,
    answer: Option<Result<T, E>>,
}

impl PollN<(), ()> {
    /// Ready with `Ok` at the `polls`th poll.
    #[must_use]
    pub fn new_ok(polls: usize) -> Self {
        PollN {
            polls_left: polls,
            answer: Some(Ok(())),
        }
    }

    /// Ready with `Err` at the `polls`th poll.
    #[must_use]
    pub fn new_err(polls: usize) -> Self {
        PollN {
            polls_left: polls,
            answer: Some(Err(())),
        }
    }
}

impl<T: Unpin, E: Unpin> Future for PollN<T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.polls_left = self.polls_left.saturating_sub(1);
        if self.polls_left > 0 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.answer.take().map_or(Poll::Pending, Poll::Ready)
    }
}

/// Polls a future until it is ready.
pub fn block_on_future<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(answer) = future.as_mut().poll(&mut context) {
            return answer;
        }
    }
}

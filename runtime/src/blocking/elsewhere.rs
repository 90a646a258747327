//! Blocking work on a thread of its own, awaited by a future of no runtime.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    thread,
};

use tracing::dispatcher;

use crate::contain;

/// Work on another thread, which goes on whether or not this is awaited. Ready with what it came
/// to; `None` if it panicked.
#[must_use = "the work is done, but nobody waits for it"]
pub(crate) struct Elsewhere<T>(Arc<Mutex<State<T>>>);

enum State<T> {
    Working(Option<Waker>),
    Ended(Option<T>),
}

/// Begins work on a thread of its own, with this thread's subscriber of tracing. Where no thread
/// can be had it is done before this returns.
pub(crate) fn elsewhere<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Elsewhere<T> {
    let state = Arc::new(Mutex::new(State::Working(None)));
    let work = Arc::new(Mutex::new(Some(work)));
    let subscriber = dispatcher::get_default(Clone::clone);
    let there = (Arc::clone(&state), Arc::clone(&work));
    let started = thread::Builder::new()
        .name("gambeson".to_owned())
        .spawn(move || {
            let (state, work) = there;
            let mut ending = Ending {
                state: &state,
                came_to: None,
            };
            let work = take(&work);
            ending.came_to = dispatcher::with_default(&subscriber, || work.map(|work| work()));
        });
    if started.is_err() {
        let came_to = take(&work).map(|work| work());
        *state.lock().unwrap_or_else(PoisonError::into_inner) = State::Ended(came_to);
    }
    Elsewhere(state)
}

fn take<W>(work: &Mutex<Option<W>>) -> Option<W> {
    work.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Tells what the work came to, also on a panic.
struct Ending<'a, T> {
    state: &'a Mutex<State<T>>,
    came_to: Option<T>,
}

impl<T> Drop for Ending<'_, T> {
    fn drop(&mut self) {
        let ended = State::Ended(self.came_to.take());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *state, ended);
        drop(state);
        if let State::Working(Some(waker)) = before {
            contain::wake(waker);
        }
    }
}

impl<T> Future for Elsewhere<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        // Cloned before the lock, and dropped after it: a waker is the executor's code.
        let waker = context.waker().clone();
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (replaced, polled) = match &mut *state {
            State::Ended(came_to) => (Some(waker), Poll::Ready(came_to.take())),
            State::Working(awaiting) => (awaiting.replace(waker), Poll::Pending),
        };
        drop(state);
        drop(replaced);
        polled
    }
}

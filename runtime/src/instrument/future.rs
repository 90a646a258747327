//! The async form: every poll in the span, a panic and a drop told as what they are.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{
    call::{Call, end_unseen},
    ending::{Ending, Failure},
    kind::Look,
    open::Open,
    seen::Seen,
    thread::Measuring,
};
use crate::contain::Watching;

pin_project! {
    /// A future that is an instrumented call.
    pub struct Instrumented<F, S> {
        open: Option<Box<Open>>,
        seen: S,
        // Nothing once a call that somebody wants to know of has ended.
        #[pin]
        future: Option<F>,
    }

    impl<F, S> PinnedDrop for Instrumented<F, S> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(open) = this.open.take() {
                cancel(open, || this.future.set(None));
            }
        }
    }
}

/// Makes a future a call, which begins with the first poll.
#[inline]
pub fn instrument_async<F: Future, S: Fn(&F::Output) -> Seen<'_>>(
    call: Call,
    future: F,
    seen: S,
) -> Instrumented<F, S> {
    Instrumented::new(call.open(), future, seen)
}

impl<F: Future, S> Instrumented<F, S> {
    #[inline]
    pub(super) fn new(open: Option<Box<Open>>, future: F, seen: S) -> Self {
        Instrumented {
            open,
            seen,
            future: Some(future),
        }
    }
}

impl<F: Future> Instrumented<F, Look<F::Output>> {
    /// The future, whose value is looked at in this way.
    #[inline]
    pub fn look(mut self, seen: Look<F::Output>) -> Self {
        self.seen = seen;
        self
    }
}

impl<F: Future, S: Fn(&F::Output) -> Seen<'_>> Future for Instrumented<F, S> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            panic!("an instrumented future was polled after it had ended");
        };
        let Some(open) = this.open.take() else {
            return future.poll(context);
        };
        let polling = Polling::enter(open);
        let polled = future.poll(context);
        match &polled {
            Poll::Pending => *this.open = Some(polling.pause()),
            Poll::Ready(value) => {
                let seen = &*this.seen;
                polling.end(&mut || seen(value), &mut || this.future.set(None));
            }
        }
        polled
    }
}

/// A poll of a call; a panic leaves it without an end.
struct Polling(Option<Box<Open>>);

impl Polling {
    #[cold]
    fn enter(mut open: Box<Open>) -> Self {
        open.enter();
        open.await_value();
        Polling(Some(open))
    }

    #[cold]
    fn pause(mut self) -> Box<Open> {
        // It is there until it is taken, here or in `end`.
        let mut open = self.0.take().unwrap_or_else(|| unreachable!());
        open.leave();
        open.exit_span();
        open
    }

    /// Ends the call. What its future owns is dropped in the span, and that may panic too.
    #[cold]
    fn end<'v>(mut self, seen: &mut dyn FnMut() -> Seen<'v>, drop_future: &mut dyn FnMut()) {
        let Some(open) = &mut self.0 else { return };
        open.leave();
        let ending = open.look_at(seen);
        open.exit_span();
        open.enter();
        drop_future();
        if let Some(mut open) = self.0.take() {
            open.leave();
            open.end(&ending);
        }
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        if let Some(open) = self.0.take() {
            end_unseen(open);
        }
    }
}

/// Ends a call whose future is dropped before it was ready.
#[cold]
fn cancel(mut open: Box<Open>, drop_future: impl FnOnce()) {
    struct Cancelled(Option<Box<Open>>);
    impl Drop for Cancelled {
        fn drop(&mut self) {
            if let Some(mut open) = self.0.take() {
                open.leave();
                open.end(&Ending::Failed(Failure::cancelled()));
            }
        }
    }
    open.enter();
    let _cancelled = Cancelled(Some(open));
    drop_future();
}

/// A call whose code makes a future, and is not in the call's span: its own is.
pub(super) struct Pending(Option<(Box<Open>, Watching, Measuring)>);

impl Pending {
    #[inline]
    pub(super) fn new(call: Call) -> Self {
        let begin = |open| (open, Watching::begin(), Measuring::begin());
        Pending(call.open().map(begin))
    }

    /// The call, once there is a future.
    #[inline]
    pub(super) fn into_open(mut self) -> Option<Box<Open>> {
        let (mut open, watching, measuring) = self.0.take()?;
        watching.end();
        measuring.end(&mut open.measured);
        Some(open)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some((mut open, watching, measuring)) = self.0.take() {
            let panic = watching.witnessed();
            watching.end();
            measuring.end(&mut open.measured);
            open.enter();
            open.leave();
            open.end(&Ending::Failed(Failure::panic(panic)));
        }
    }
}

impl<F, S> std::fmt::Debug for Instrumented<F, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instrumented")
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

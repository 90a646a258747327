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
};
use crate::contain::Watching;

pin_project! {
    /// A future that is an instrumented call.
    pub struct Instrumented<F, S> {
        // Dropped in the call, which is ended by the drop of the next field.
        #[pin]
        future: F,
        ongoing: Ongoing,
        seen: S,
    }

    impl<F, S> PinnedDrop for Instrumented<F, S> {
        fn drop(this: Pin<&mut Self>) {
            if let Some(open) = &mut this.project().ongoing.0 {
                open.enter();
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
            future,
            ongoing: Ongoing(open),
            seen,
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
        let this = self.project();
        let Some(open) = this.ongoing.0.take() else {
            return this.future.poll(context);
        };
        let polling = Polling::enter(open);
        let polled = this.future.poll(context);
        match &polled {
            Poll::Pending => this.ongoing.0 = Some(polling.pause()),
            Poll::Ready(value) => {
                let seen = &*this.seen;
                polling.end(&mut || seen(value));
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

    /// Ends the call. As in tracing, its span is entered once more, where a future is dropped.
    #[cold]
    fn end<'v>(mut self, seen: &mut dyn FnMut() -> Seen<'v>) {
        let Some(open) = &mut self.0 else { return };
        open.leave();
        let ending = open.look_at(seen);
        open.exit_span();
        open.enter();
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

/// The call of a future that is not ready yet; to drop it is to cancel the call.
#[derive(Debug)]
struct Ongoing(Option<Box<Open>>);

impl Drop for Ongoing {
    #[inline]
    fn drop(&mut self) {
        if let Some(open) = self.0.take() {
            cancel(open);
        }
    }
}

/// Ends a call whose future is dropped before it was ready.
#[cold]
fn cancel(mut open: Box<Open>) {
    open.leave();
    open.end(&Ending::Failed(Failure::cancelled()));
}

/// A call whose code makes a future, and is not in the call's span: its own is.
pub(super) struct Pending {
    open: Option<Box<Open>>,
    watching: Option<Watching>,
}

impl Pending {
    #[inline]
    pub(super) fn new(call: Call) -> Self {
        let open = call.open();
        Pending {
            watching: open.as_ref().map(|_| Watching::begin()),
            open,
        }
    }

    /// The call, once there is a future.
    #[inline]
    pub(super) fn into_open(mut self) -> Option<Box<Open>> {
        if let Some(watching) = self.watching.take() {
            watching.end();
        }
        self.open.take()
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let (Some(mut open), Some(watching)) = (self.open.take(), self.watching.take()) {
            let panic = watching.witnessed();
            watching.end();
            open.enter();
            open.leave();
            open.end(&Ending::Failed(Failure::panic(panic)));
        }
    }
}

impl<F, S> std::fmt::Debug for Instrumented<F, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instrumented")
            .field("ongoing", &self.ongoing)
            .finish_non_exhaustive()
    }
}

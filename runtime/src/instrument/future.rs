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
    seen::{Seen, seen_nothing},
    thread::Measuring,
};
use crate::contain::{self, Watching};

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
        let mut code = Code {
            future: this.future,
            seen: this.seen,
            context,
            polled: Poll::Pending,
        };
        this.ongoing.0 = poll_open(open, &mut code);
        code.polled
    }
}

/// What a poll of a call that somebody wants to know of needs from its future.
trait Polled {
    /// Polls the future; whether it is ready.
    fn poll(&mut self) -> bool;

    /// What its value says.
    fn look(&self) -> Seen<'_>;
}

struct Code<'a, 'b, F: Future, S> {
    future: Pin<&'a mut F>,
    seen: &'a S,
    context: &'a mut Context<'b>,
    polled: Poll<F::Output>,
}

impl<F: Future, S: Fn(&F::Output) -> Seen<'_>> Polled for Code<'_, '_, F, S> {
    fn poll(&mut self) -> bool {
        self.polled = self.future.as_mut().poll(self.context);
        self.polled.is_ready()
    }

    fn look(&self) -> Seen<'_> {
        match &self.polled {
            Poll::Ready(value) => (self.seen)(value),
            Poll::Pending => seen_nothing(&()),
        }
    }
}

/// One poll of a call, which is given back while it is pending. As in tracing, its span is entered
/// once more when it ends.
#[cold]
fn poll_open(open: Box<Open>, code: &mut dyn Polled) -> Option<Box<Open>> {
    let mut polling = Polling(Some(open));
    polling.enter();
    let is_ready = code.poll();
    let open = polling.0.as_mut()?;
    open.leave();
    if !is_ready {
        open.exit_span();
        return polling.0.take();
    }
    let (ending, raised) = open.look_at(&mut || code.look());
    open.exit_span();
    polling.enter();
    let mut open = polling.0.take()?;
    open.leave();
    open.end(&ending);
    if let Some(payload) = raised {
        contain::raise(payload);
    }
    None
}

/// A call whose code runs; a panic leaves it without an end.
struct Polling(Option<Box<Open>>);

impl Polling {
    fn enter(&mut self) {
        if let Some(open) = &mut self.0 {
            open.enter();
            open.await_value();
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
            let failure = Failure::panic(panic, |text| open.without_secrets(text));
            open.end(&Ending::Failed(failure));
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

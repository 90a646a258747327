//! The one entry into an instrumented function.

use super::{
    ending::{Ending, Failure},
    open::Open,
    seen::Seen,
    site::InstrumentSite,
    values::Values,
};

/// A call of an instrumented function; one word, and empty where nobody wants to know of it.
#[derive(Debug)]
#[must_use]
pub struct Call(Option<Box<Open>>);

/// A call whose code runs, until this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Entered(Option<Box<Open>>);

/// Begins a call.
#[inline]
pub fn call(site: &'static InstrumentSite) -> Call {
    if site.wanted.is_anything() {
        begin(site)
    } else {
        Call(None)
    }
}

#[cold]
fn begin(site: &'static InstrumentSite) -> Call {
    let known = site.known();
    let wanted = if site.wanted.is_new() {
        known.join()
    } else {
        site.wanted.get()
    };
    Call(Open::begin(known, wanted))
}

impl Call {
    /// Where the call's values go, if anybody wants them.
    #[inline]
    pub fn values(&mut self) -> Option<&mut Values> {
        self.0.as_mut()?.values()
    }

    /// Goes into the call's code.
    #[inline]
    pub fn enter(self) -> Entered {
        Entered(self.0.map(enter))
    }

    /// The call, opened for a future that is polled later.
    #[inline]
    pub(super) fn open(self) -> Option<Box<Open>> {
        self.0.map(open)
    }
}

#[cold]
fn enter(mut open: Box<Open>) -> Box<Open> {
    open.open_span();
    open.enter();
    open
}

#[cold]
fn open(mut open: Box<Open>) -> Box<Open> {
    open.open_span();
    open
}

impl Entered {
    /// Runs code whose value tells how the call ended.
    #[inline]
    pub(super) fn run<R>(mut self, body: impl FnOnce() -> R, seen: impl Fn(&R) -> Seen<'_>) -> R {
        if let Some(open) = &mut self.0 {
            open.await_value();
        }
        let value = body();
        if let Some(open) = self.0.take() {
            end(open, &mut || seen(&value));
        }
        value
    }
}

#[cold]
fn end<'v>(mut open: Box<Open>, seen: &mut dyn FnMut() -> Seen<'v>) {
    open.leave();
    let ending = open.look_at(seen);
    open.end(&ending);
}

/// Ends a call whose value nobody looks at, or that has none because of a panic.
#[cold]
pub(super) fn end_unseen(mut open: Box<Open>) {
    let ending = match open.witness_panic() {
        Some(panic) => Ending::Failed(Failure::panic(panic)),
        None => Ending::Returned(None),
    };
    open.leave();
    open.end(&ending);
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        if let Some(open) = self.0.take() {
            end_unseen(open);
        }
    }
}

//! The one entry into an instrumented function.

use std::fmt::Debug;

use super::{
    ending::{Ending, Failure},
    open::Open,
    seen::Seen,
    site::InstrumentSite,
    values::Values,
};
use crate::contain;

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
    /// Runs code whose value is no failure, whatever it is.
    #[inline]
    pub fn value<R: Debug>(self, body: impl FnOnce() -> R) -> R {
        let mut running = self.awaiting_value();
        let value = body();
        if let Some(open) = running.0.0.take() {
            end_well(open, &value);
        }
        value
    }

    /// The call of code that returns a value: left without one, it panicked.
    #[inline]
    pub(super) fn awaiting_value(mut self) -> Running {
        if let Some(open) = &mut self.0 {
            open.await_value();
        }
        Running(self)
    }
}

/// A call whose value will tell how it ended.
#[derive(Debug)]
pub(super) struct Running(Entered);

impl Running {
    /// Ends the call with its value.
    #[inline]
    pub(super) fn end<'v>(mut self, mut seen: impl FnMut() -> Seen<'v>) {
        if let Some(open) = self.0.0.take() {
            end(open, &mut seen);
        }
    }
}

#[cold]
fn end<'v>(mut open: Box<Open>, seen: &mut dyn FnMut() -> Seen<'v>) {
    open.leave();
    let (ending, raised) = open.look_at(seen);
    open.end(&ending);
    if let Some(payload) = raised {
        contain::raise(payload);
    }
}

#[cold]
fn end_well(mut open: Box<Open>, value: &dyn Debug) {
    open.leave();
    let ending = open.returned(value);
    open.end(&ending);
}

/// Ends a call whose value nobody looks at, or that has none because of a panic.
#[cold]
pub(super) fn end_unseen(mut open: Box<Open>) {
    let ending = match open.witness_panic() {
        Some(panic) => Ending::Failed(Failure::panic(panic, |text| open.without_secrets(text))),
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

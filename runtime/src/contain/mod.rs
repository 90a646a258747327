//! Containment: one catch for each entry into user code, and the panic hook that goes with it.

mod captured;
mod dispose;
mod format;
mod frame;
mod hook;
mod payload;
mod quiet;
mod text;
mod unraised;
mod watch;
mod writing;

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    task::Waker,
};

use self::frame::{Frame, Seen};
pub(crate) use self::{
    dispose::{Disposed, dispose},
    format::{CHAIN_LIMIT, Start, chain, chain_text, display, format, start_of},
    frame::{Voice, in_panic_hook},
    hook::install,
    payload::{MESSAGE_CAP, Payload, error_in, is_text, message_of},
    quiet::Quiet,
    text::Text,
    unraised::Unraised,
    watch::{Watching, Witnessed, is_watched},
    writing::{Showing, write_guarded},
};
#[cfg(test)]
pub(crate) use self::{format::START, writing::PANICKED};
pub use self::{
    hook::HookError,
    payload::{PanicDetail, PanicLocation, PayloadKind},
};

use crate::{escape::Escaped, running::Inside};

/// Whether panics unwind in this build, so that they can be contained at all.
pub(crate) const UNWINDS: bool = cfg!(panic = "unwind");

/// A panic that was caught, on the thread that caught it: its payload, and what the hook saw of it.
#[derive(Debug)]
pub(crate) struct Caught {
    payload: Payload,
    seen: Seen,
}

/// Runs user code; a panic in it comes back as a value.
#[inline]
pub(crate) fn catch<R>(voice: Voice, code: impl FnOnce() -> R) -> Result<R, Caught> {
    if voice == Voice::Silent
        && let Some(quiet) = Quiet::enter()
    {
        return match catch_unwind(AssertUnwindSafe(code)) {
            Ok(value) => {
                quiet.leave();
                Ok(value)
            }
            Err(payload) => Err(quiet.caught(payload)),
        };
    }
    hook::ensure();
    let frame = Frame::enter(voice);
    match catch_unwind(AssertUnwindSafe(code)) {
        Ok(value) => {
            // The code caught a panic of its own, which stays visible as it would have been.
            if let Some(captured) = frame.leave() {
                captured.print();
            }
            Ok(value)
        }
        Err(payload) => {
            let seen = frame.leave_panicked();
            Err(Caught { payload, seen })
        }
    }
}

/// The same for a poll of a handler's future, in which no wait for a handler is made.
#[inline]
pub(crate) fn catch_poll<R>(voice: Voice, code: impl FnOnce() -> R) -> Result<R, Caught> {
    if voice == Voice::Silent
        && let Some(quiet) = Quiet::enter_poll()
    {
        return match catch_unwind(AssertUnwindSafe(code)) {
            Ok(value) => {
                quiet.leave();
                Ok(value)
            }
            Err(payload) => Err(quiet.caught(payload)),
        };
    }
    let _inside = Inside::enter();
    catch(voice, code)
}

impl Caught {
    pub(crate) fn payload(&self) -> &(dyn Any + Send) {
        &*self.payload
    }

    /// What there is to read of it, of which an error may have said something before.
    pub(crate) fn detail(&self, said: Option<Escaped>) -> PanicDetail {
        let location = self.seen.location_of(self.payload());
        PanicDetail::of(self.payload(), said, location)
    }

    /// Nothing else of it is asked for.
    pub(crate) fn into_payload(self) -> Payload {
        self.payload
    }
}

impl Quiet {
    /// Ends the call with the panic that was caught.
    #[cold]
    pub(crate) fn caught(self, payload: Payload) -> Caught {
        let seen = self.leave_panicked();
        Caught { payload, seen }
    }
}

/// Runs user code whose failure only needs to be known, and disposes of the panic.
pub(crate) fn attempt<R>(code: impl FnOnce() -> R) -> Option<R> {
    catch(Voice::Silent, code)
        .map_err(|caught| dispose(caught.into_payload()))
        .ok()
}

/// Wakes whoever waits. Wakers are code of an executor, which may have gone: a panic there is not the
/// waking thread's, nor that of the others who wait.
pub(crate) fn wake(waker: Waker) {
    attempt(|| waker.wake());
}

/// Runs code of the user's whose panic is the caller's; while the thread unwinds, where a panic would
/// end the process, it is only known that there was one.
#[inline]
pub(crate) fn if_unwinding<R>(code: impl FnOnce() -> R) -> Option<R> {
    if std::thread::panicking() {
        attempt(code)
    } else {
        Some(code())
    }
}

/// Whether a panic may go on from here: out of a destructor that runs during unwinding it would
/// end the process.
pub(crate) fn may_raise() -> bool {
    !std::thread::panicking()
}

/// Goes on with a panic that was caught. No hook runs for it, nor is one awaited.
pub(crate) fn raise(payload: Payload) -> ! {
    frame::skip_hook();
    resume_unwind(payload)
}

/// A value of the user's that is kept or dropped by us: its drop is guarded on whatever thread it
/// comes. A panic in it is nobody's skip, and so is left to the previous hook to tell.
#[derive(Debug)]
pub(crate) struct Kept<T>(Option<T>);

impl<T> Kept<T> {
    pub(crate) fn new(value: T) -> Self {
        Kept(Some(value))
    }

    /// The value, which is there until the drop.
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }

    /// The same, to be changed.
    #[cfg(feature = "tracing-layer")]
    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        self.0.as_mut()
    }
}

impl<T> Drop for Kept<T> {
    fn drop(&mut self) {
        if std::mem::needs_drop::<T>()
            && let Some(value) = self.0.take()
            && let Err(caught) = catch(Voice::Loud, || drop(value))
        {
            dispose(caught.into_payload());
        }
    }
}

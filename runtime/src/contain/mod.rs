//! Containment: one catch for each entry into user code, and the panic hook that goes with it.

mod dispose;
mod format;
mod frame;
mod hook;
mod payload;
mod text;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) use self::{
    dispose::dispose,
    format::{PANICKED, chain, display, format},
    frame::{Voice, in_panic_hook},
    hook::install,
    payload::{Payload, error_in, message_of},
};
pub use self::{
    hook::HookError,
    payload::{PanicDetail, PanicLocation, PayloadKind},
};

/// Whether panics unwind in this build, so that they can be contained at all.
pub(crate) const UNWINDS: bool = cfg!(panic = "unwind");

/// A panic that was caught: its payload, and where it began if the hook could see it.
#[derive(Debug)]
pub(crate) struct Caught {
    pub(crate) payload: Payload,
    pub(crate) location: Option<PanicLocation>,
}

/// Runs user code; a panic in it comes back as a value.
pub(crate) fn catch<R>(voice: Voice, code: impl FnOnce() -> R) -> Result<R, Caught> {
    hook::ensure();
    let frame = frame::Frame::enter(voice);
    let result = catch_unwind(AssertUnwindSafe(code));
    let captured = frame.leave();
    match result {
        Ok(value) => {
            // The code caught a panic of its own, which stays visible as it would have been.
            if let Some(captured) = captured {
                captured.print();
            }
            Ok(value)
        }
        Err(payload) => {
            let location = captured.and_then(|captured| captured.location_of(&*payload));
            Err(Caught { payload, location })
        }
    }
}

/// Runs user code whose failure only needs to be known, and disposes of the panic.
pub(crate) fn attempt<R>(code: impl FnOnce() -> R) -> Option<R> {
    catch(Voice::Silent, code)
        .map_err(|caught| dispose(caught.payload))
        .ok()
}

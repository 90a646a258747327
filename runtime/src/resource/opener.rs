//! How a resource gets its value by itself.

#![allow(
    unsafe_code,
    reason = "a static cannot own a closure whose error type is not its own"
)]

use std::{error::Error, fmt, mem};

use super::DownCause;
use crate::{
    contain::{self, Voice},
    reason::SkipReason,
};

/// A function that makes the value of a resource, whatever the type of its error.
///
/// A `static` can hold neither a box nor a reference to an argument, so that the function is kept
/// beside the one that knows its type.
pub(super) struct Opener<T> {
    function: fn(),
    call: fn(fn()) -> Opened<T>,
}

type Opened<T> = Result<T, Box<dyn Error + Send + Sync>>;

impl<T> Opener<T> {
    pub(super) const fn of<E: Into<Box<dyn Error + Send + Sync>>>(
        function: fn() -> Result<T, E>,
    ) -> Self {
        Opener {
            // SAFETY: function pointers are all of one size, and this one is never called as what
            // it is made here: only `call` of the same types gets it.
            function: unsafe { mem::transmute::<fn() -> Result<T, E>, fn()>(function) },
            call: call::<T, E>,
        }
    }

    /// Runs it; a panic is a cause like any other.
    pub(super) fn open(&self) -> Result<T, DownCause> {
        match contain::catch(Voice::Silent, || (self.call)(self.function)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(cause_of(error)),
            Err(caught) => {
                let reason = SkipReason::Unavailable;
                let cause = DownCause::of_panic("the opener", caught.payload(), reason);
                contain::dispose(caught.into_payload());
                Err(cause)
            }
        }
    }
}

fn call<T, E: Into<Box<dyn Error + Send + Sync>>>(function: fn()) -> Opened<T> {
    // SAFETY: `Opener::of` puts this beside what was a function of this very type.
    let function = unsafe { mem::transmute::<fn(), fn() -> Result<T, E>>(function) };
    function().map_err(Into::into)
}

/// The drop of the error is the user's code, as its text is.
fn cause_of(error: Box<dyn Error + Send + Sync>) -> DownCause {
    let cause = DownCause::of(&*error);
    contain::attempt(|| drop(error));
    cause
}

impl<T> fmt::Debug for Opener<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opener")
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn errors_of_any_type_are_causes() {
        let io: Opener<u32> = Opener::of(|| Err(io::Error::from(io::ErrorKind::NotFound)));
        let cause = io.open().unwrap_err();
        assert_eq!(cause.reason(), SkipReason::StateUnavailable);
        let text: Opener<u32> = Opener::of(|| Err("closed on Mondays"));
        let cause = text.open().unwrap_err();
        assert_eq!(cause, DownCause::from("closed on Mondays"));
    }

    #[test]
    fn a_panic_is_a_cause() {
        let opener: Opener<u32> = Opener::of(|| -> Result<u32, io::Error> { panic!("no key") });
        let cause = opener.open().unwrap_err();
        assert_eq!(cause.text(), "the opener panicked: no key");
        assert_eq!(cause.reason(), SkipReason::Unavailable);
    }

    #[test]
    fn a_value_is_the_value() {
        let opener: Opener<String> = Opener::of(|| Ok::<_, io::Error>("open".to_owned()));
        assert_eq!(opener.open(), Ok("open".to_owned()));
    }
}

//! What a defended closure may return without a fallback.

use std::error::Error;

use crate::{
    call::{FromSkip, YieldSkip},
    outcome::Outcome,
    verdict::{
        Failed,
        probe::{ByError, ByOutcome, Probe},
    },
};

/// What a closure may return that is [defended](crate::defend()) without a fallback: `()`,
/// [`Outcome<T>`](crate::Outcome), or `Result<T, E>` with an error that is `From<Skip>`.
#[diagnostic::on_unimplemented(
    message = "a defended closure cannot return `{Self}` without a fallback",
    label = "what shall a skipped call return?",
    note = "use `defend_or` or `Defense::run_or`, which take a fallback",
    note = "or return `()`, `Outcome<T>`, or `Result<T, E>` with an error type that is `From<Skip>`"
)]
pub trait Defendable: YieldSkip {
    /// How the value says that the call failed, if it does.
    #[doc(hidden)]
    fn failed(&self) -> Option<Failed<'_>>;
}

impl Defendable for () {
    fn failed(&self) -> Option<Failed<'_>> {
        None
    }
}

impl<T> Defendable for Outcome<T> {
    fn failed(&self) -> Option<Failed<'_>> {
        (&&&&&&&Probe(self)).gambeson_failed()
    }
}

impl<T, E: Error + FromSkip + 'static> Defendable for Result<T, E> {
    fn failed(&self) -> Option<Failed<'_>> {
        error_of(self)
    }
}

/// An error that was returned, by its type and its sources.
pub(super) fn error_of<T, E: Error + 'static>(returned: &Result<T, E>) -> Option<Failed<'_>> {
    (&&&&&&Probe(returned)).gambeson_failed()
}

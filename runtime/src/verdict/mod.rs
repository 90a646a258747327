//! What user code answered, before it is counted.

mod failed;
pub(crate) mod probe;

use std::{error::Error, fmt::Display, sync::OnceLock};

pub use self::failed::Failed;
use self::{
    failed::Said,
    probe::{ByOutcome, Probe},
};
use crate::{
    config::DebugLog,
    contain::{self, PanicDetail},
    handler::Bound,
    limiter::Ticket,
    outcome::Outcome,
    reason::SkipReason,
    resource::Unavailable,
};

/// What user code is told about the call it is in, and where it leaves why it failed.
#[derive(Debug)]
pub struct Call<'a> {
    pub(crate) target: &'a Bound,
    pub(crate) failure: OnceLock<Failure>,
}

impl Call<'_> {
    /// Why a verdict on this call was not good.
    pub(crate) fn into_failure(self) -> Failure {
        let unsaid = || Failure::refused(SkipReason::Unexpected);
        self.failure.into_inner().unwrap_or_else(unsaid)
    }

    /// Leaves with the call that something it needs is gone.
    #[cold]
    pub(crate) fn gone(&self, unavailable: &Unavailable) -> Gone {
        let _ = self.failure.set(Failure::unavailable(unavailable));
        Gone(())
    }

    /// The right to tell a skip for this reason, if it shall be told.
    pub(crate) fn ticket(&self, reason: SkipReason) -> Option<Ticket> {
        let debug = self.target.settings.debug;
        let limiters = &self.target.entry.limiters;
        limiters.ticket(reason, debug, self.log())
    }

    pub(crate) fn log(&self) -> &DebugLog {
        &self.target.conduct.config.debug_log
    }
}

/// What a handler's code answered: a verdict, or that something it needs is gone. One register,
/// so that a call that goes well costs no memory; the rest is left with the call.
pub type Completion = Result<Verdict, Gone>;

/// Something that a call needs cannot be leased, as was left with the call.
#[derive(Clone, Copy, Debug)]
pub struct Gone(());

/// What a handler's code says became of its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Verdict {
    /// It did what it is for.
    Handled,
    /// It did not, for the reason that was left with the call.
    Failed,
}

/// Why a call is skipped, and what its record shall say.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) reason: SkipReason,
    pub(crate) cause: Cause,
}

#[derive(Debug)]
pub(crate) enum Cause {
    /// The user's code was not called.
    Refused,
    /// Its availability probe panicked, which is a bug, and so told at least once.
    Probe(Option<Ticket>),
    /// A resource it needs cannot be leased.
    Resource(&'static str),
    /// It returned an error; the text is there if somebody wants the record.
    Error(Option<(Ticket, String)>),
    /// It panicked.
    Panic(Box<PanicDetail>),
}

impl Failure {
    pub(crate) fn refused(reason: SkipReason) -> Self {
        Failure {
            reason,
            cause: Cause::Refused,
        }
    }

    pub(crate) fn unavailable(unavailable: &Unavailable) -> Self {
        let cause = Cause::Resource(unavailable.resource());
        Failure {
            reason: unavailable.reason(),
            cause,
        }
    }

    /// Whether it counts against the handler.
    pub(crate) fn counts(&self) -> bool {
        matches!(self.cause, Cause::Error(_) | Cause::Panic(_))
            && self.reason.class() != crate::SkipClass::Policy
    }
}

impl Verdict {
    /// The verdict on a failure, if it is one.
    #[inline]
    pub(crate) fn of(call: &Call<'_>, failed: Option<Failed<'_>>) -> Self {
        match failed {
            None => Verdict::Handled,
            Some(failed) => Verdict::failed(call, &failed),
        }
    }

    /// Leaves the failure with the call; its text is made only if it will be shown.
    #[cold]
    fn failed(call: &Call<'_>, failed: &Failed<'_>) -> Self {
        let reason = failed.reason();
        let record = call
            .ticket(reason)
            .map(|ticket| (ticket, failed.text(call.log().max_value_bytes)));
        let _ = call.failure.set(Failure {
            reason,
            cause: Cause::Error(record),
        });
        Verdict::Failed
    }
}

/// The verdict on what a handler returned.
#[inline]
pub fn judge(call: &Call<'_>, failed: Option<Failed<'_>>) -> Verdict {
    Verdict::of(call, failed)
}

/// The failure that the user's own classifier sees, for `classify = path`.
pub fn failed_with<T, E: Display>(
    value: &Result<T, E>,
    classify: impl FnOnce(&E) -> SkipReason,
) -> Option<Failed<'_>> {
    value.as_ref().err().map(|error| {
        let reason = contain::attempt(|| classify(error)).unwrap_or(SkipReason::Unexpected);
        Failed::new(reason, Said::Display(error))
    })
}

/// What a closure that handles events may return.
#[diagnostic::on_unimplemented(
    message = "a handler's closure cannot return `{Self}`",
    note = "return `()`, `Outcome<()>`, or `Result<(), E>` with `E: Into<Box<dyn Error + Send + Sync>>`; a closure that only panics says so with `|_| -> ()`"
)]
pub trait IntoVerdict {
    /// The verdict on what was returned.
    fn into_verdict(self, call: &Call<'_>) -> Verdict;
}

impl IntoVerdict for () {
    fn into_verdict(self, _: &Call<'_>) -> Verdict {
        Verdict::Handled
    }
}

impl IntoVerdict for Outcome<()> {
    fn into_verdict(self, call: &Call<'_>) -> Verdict {
        Verdict::of(call, (&&&&&&&&Probe(&self)).failed())
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> IntoVerdict for Result<(), E> {
    fn into_verdict(self, call: &Call<'_>) -> Verdict {
        match self {
            Ok(()) => Verdict::Handled,
            Err(error) => Verdict::of(call, Some(Failed::of(&*error.into()))),
        }
    }
}

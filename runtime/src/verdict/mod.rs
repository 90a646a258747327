//! What user code answered, before it is counted.

mod failed;
pub(crate) mod probe;

use std::{error::Error, fmt::Display};

pub use self::failed::Failed;
use self::{
    failed::Said,
    probe::{ByOutcome, Probe},
};
use crate::{
    config::DebugLog,
    contain::{self, PanicDetail},
    limiter::{Limiters, Ticket},
    outcome::Outcome,
    reason::SkipReason,
    resource::Unavailable,
};

/// What user code is told about the call it is in.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    pub(crate) limiters: &'a Limiters,
    pub(crate) log: &'a DebugLog,
    /// Whether skips are told.
    pub(crate) debug: bool,
}

impl Call<'_> {
    /// The right to tell a skip for this reason, if it shall be told.
    pub(crate) fn ticket(&self, reason: SkipReason) -> Option<Ticket> {
        self.limiters.ticket(reason, self.debug, self.log)
    }
}

/// What a handler's code answered: a verdict, or that something it needs is gone.
pub type Completion = Result<Verdict, Unavailable>;

/// What a handler's code says became of its call.
#[derive(Debug)]
pub struct Verdict(pub(crate) Option<Failure>);

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
    pub(crate) const HANDLED: Self = Verdict(None);

    /// The verdict on a failure; its text is made only if it will be shown.
    pub(crate) fn of(call: &Call<'_>, failed: Option<Failed<'_>>) -> Self {
        let Some(failed) = failed else {
            return Self::HANDLED;
        };
        let reason = failed.reason();
        let record = call
            .ticket(reason)
            .map(|ticket| (ticket, failed.text(call.log.max_value_bytes)));
        Verdict(Some(Failure {
            reason,
            cause: Cause::Error(record),
        }))
    }
}

/// The verdict on what a handler returned.
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
        Verdict::HANDLED
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
            Ok(()) => Verdict::HANDLED,
            Err(error) => Verdict::of(call, Some(Failed::of(&*error.into()))),
        }
    }
}

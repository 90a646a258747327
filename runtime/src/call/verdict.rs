//! What user code answered, before it is counted.

use std::error::Error;

use super::Call;
use crate::{
    classify::{self, Classify},
    contain::PanicDetail,
    diagnostics::Ticket,
    outcome::Outcome,
    reason::SkipReason,
    resource::Unavailable,
};

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

    /// The verdict on an error; its text is made only if it will be shown.
    pub(crate) fn error(
        call: &Call<'_>,
        reason: SkipReason,
        text: impl FnOnce() -> String,
    ) -> Self {
        let record = call.ticket(reason).map(|ticket| (ticket, text()));
        Verdict(Some(Failure {
            reason,
            cause: Cause::Error(record),
        }))
    }

    pub(crate) fn classified(call: &Call<'_>, error: &impl Classify) -> Self {
        let reason = error
            .classify()
            .or_else(|| error.source().and_then(classify::known_error));
        Self::error(call, reason.unwrap_or(SkipReason::Unexpected), || {
            call.chain_text(error)
        })
    }

    pub(crate) fn plain_error(call: &Call<'_>, error: &(dyn Error + 'static)) -> Self {
        Self::error(call, classify::error_reason(error), || {
            call.chain_text(error)
        })
    }

    pub(crate) fn outcome<T>(call: &Call<'_>, outcome: &Outcome<T>) -> Self {
        match outcome.skip() {
            None => Self::HANDLED,
            Some(skip) => Self::error(call, skip.reason(), || skip.to_string()),
        }
    }
}

/// What a closure that handles events may return.
#[diagnostic::on_unimplemented(
    message = "a handler's closure cannot return `{Self}`",
    note = "return `()`, `Outcome<()>`, or `Result<(), E>` with `E: Into<Box<dyn Error + Send + Sync>>`"
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
        Verdict::outcome(call, &self)
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> IntoVerdict for Result<(), E> {
    fn into_verdict(self, call: &Call<'_>) -> Verdict {
        match self {
            Ok(()) => Verdict::HANDLED,
            Err(error) => Verdict::plain_error(call, &*error.into()),
        }
    }
}

//! What user code answered, before it is counted.

mod failed;
pub(crate) mod probe;

use std::{
    error::Error,
    fmt::Display,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

pub use self::failed::Failed;
use self::{
    failed::Said,
    probe::{ByOutcome, Probe},
};
use crate::{
    conduct::Conduct,
    config::DebugLog,
    contain::{self, PanicDetail},
    limiter::{Fate, Limiters, Ticket},
    outcome::Outcome,
    reason::{SkipClass, SkipReason},
    resource::Unavailable,
};

/// What is told of a handler's failures, and how often.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) limiters: Arc<Limiters>,
    pub(crate) conduct: Arc<Conduct>,
    /// Whether skips are told.
    pub(crate) debug: bool,
}

/// What user code is told about the call it is in, and where it leaves why it failed.
#[derive(Debug)]
pub struct Call<'a> {
    terms: &'a Terms,
    /// The reason that was left, or [`NO_REASON`]. Written by the call alone, once.
    reason: AtomicUsize,
    /// What else is to be said of the failure, if anything.
    cause: OnceLock<Cause>,
}

const NO_REASON: usize = usize::MAX;

impl<'a> Call<'a> {
    #[inline]
    pub(crate) fn new(terms: &'a Terms) -> Self {
        Call {
            terms,
            reason: AtomicUsize::new(NO_REASON),
            cause: OnceLock::new(),
        }
    }

    /// Takes why a verdict on this call was not good.
    pub(crate) fn take_failure(&mut self) -> Failure {
        let reason = SkipReason::ALL.get(*self.reason.get_mut());
        match reason {
            Some(&reason) => Failure {
                reason,
                cause: self.cause.take().unwrap_or(Cause::Error(None)),
            },
            None => Failure::refused(SkipReason::Unexpected),
        }
    }

    /// The reason of an error that was left, if there is nothing else to be said of it.
    pub(crate) fn bare_reason(&self) -> Option<SkipReason> {
        if self.cause.get().is_some() {
            return None;
        }
        let reason = self.reason.load(Ordering::Relaxed);
        SkipReason::ALL.get(reason).copied()
    }

    /// Leaves with the call that something it needs is gone.
    #[cold]
    pub(crate) fn gone(&self, unavailable: &Unavailable) -> Gone {
        if self.reason.load(Ordering::Relaxed) == NO_REASON {
            let reason = unavailable.reason();
            let told = self
                .ticket(reason)
                .map(|ticket| (ticket, unavailable.clone()));
            self.leave(reason, Some(Cause::Resource(told)));
        }
        Gone(())
    }

    /// Leaves why the call failed; the first failure stays.
    #[inline]
    fn leave(&self, reason: SkipReason, cause: Option<Cause>) {
        if self.reason.load(Ordering::Relaxed) != NO_REASON {
            return;
        }
        self.reason.store(reason.index(), Ordering::Relaxed);
        if let Some(cause) = cause {
            let _ = self.cause.set(cause);
        }
    }

    /// The right to tell a skip for this reason, if it shall be told.
    pub(crate) fn ticket(&self, reason: SkipReason) -> Option<Ticket> {
        let Terms {
            limiters,
            debug,
            conduct,
        } = self.terms;
        limiters.ticket(reason, *debug, conduct.rate())
    }

    /// The same for a panic.
    pub(crate) fn panic_ticket(&self, reason: SkipReason) -> Option<Ticket> {
        let Terms {
            limiters,
            debug,
            conduct,
        } = self.terms;
        limiters.panic_ticket(reason, *debug, conduct.rate())
    }

    /// The same for an availability probe that panicked.
    pub(crate) fn probe_ticket(&self) -> Option<Ticket> {
        let Terms {
            limiters,
            debug,
            conduct,
        } = self.terms;
        limiters.probe_ticket(*debug, conduct.rate())
    }

    /// Says what became of a record.
    pub(crate) fn settle(&self, ticket: Ticket, fate: Fate) {
        self.terms.limiters.settle(ticket, fate);
    }

    /// Whether there may be such a right.
    fn may_tell(&self) -> bool {
        self.terms.limiters.may_tell(self.terms.debug)
    }

    pub(crate) fn log(&self) -> &DebugLog {
        &self.terms.conduct.config.debug_log
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
    /// A resource it needs cannot be leased; why is there if somebody wants the record.
    Resource(Option<(Ticket, Unavailable)>),
    /// It returned an error; the text is there if somebody wants the record.
    Error(Option<(Ticket, String)>),
    /// It panicked; the right to tell it, and what there is to read of it if somebody does.
    Panic(Option<Ticket>, Option<Arc<PanicDetail>>),
}

impl Failure {
    pub(crate) fn refused(reason: SkipReason) -> Self {
        Failure {
            reason,
            cause: Cause::Refused,
        }
    }

    /// Whether it is never silent.
    pub(crate) fn is_bug(&self) -> bool {
        self.reason.class() == SkipClass::Bug || matches!(self.cause, Cause::Probe(_))
    }

    /// Whether it counts against the handler.
    pub(crate) fn counts(&self) -> bool {
        matches!(self.cause, Cause::Error(_) | Cause::Panic(..))
            && self.reason.class() != SkipClass::Policy
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
        let capacity = call.log().max_value_bytes;
        let (reason, mut text) = if failed.is_unknown() && call.may_tell() {
            let (reason, text) = failed.read(capacity);
            (reason, Some(text))
        } else {
            (failed.reason(), None)
        };
        let record = call.ticket(reason).map(|ticket| {
            let text = text.take().unwrap_or_else(|| failed.text(capacity));
            Cause::Error(Some((ticket, text)))
        });
        call.leave(reason, record);
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
        Failed::new::<E>(reason, Said::Display(error))
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
        Verdict::of(call, (&&&&&&&&Probe(&self)).gambeson_failed())
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> IntoVerdict for Result<(), E> {
    fn into_verdict(self, call: &Call<'_>) -> Verdict {
        match self {
            Ok(()) => Verdict::Handled,
            Err(error) => Verdict::of(call, Some(Failed::of::<E>(&*error.into()))),
        }
    }
}

//! From a matched event to its one outcome.
//!
//! Whatever happens between [`Attempt::begin`] and [`Attempt::end`], exactly one of handled and
//! skipped is counted; an attempt that is dropped instead was cancelled.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use super::{Caller, Ended, news};
use crate::{
    classify,
    contain::{self, Caught, Voice},
    diagnostics::{
        notice,
        record::{self, Subject},
    },
    event::Event,
    handler::{Admission, Bound, Hearing},
    reason::SkipReason,
    running::{Inside, Nested},
    verdict::{Call, Cause, Completion, Failure, Verdict},
};

/// A call that was admitted and has not ended.
pub(crate) struct Attempt<'a> {
    pub(super) target: &'a Bound,
    caller: Caller<'a>,
    pub(super) admission: Admission,
    /// Read only where there is a budget.
    pub(super) started: Option<Instant>,
    ended: bool,
}

impl<'a> Attempt<'a> {
    /// Counts the event and asks everything that can say no before user code runs. Whoever
    /// begins an attempt is inside the handler's gate, unless that is closed, until it has ended.
    pub(crate) fn begin(
        target: &'a Bound,
        caller: Caller<'a>,
        is_open: bool,
    ) -> Result<Self, Ended> {
        let mut attempt = Attempt::matched(target, caller);
        match attempt.admit(is_open).and_then(|()| attempt.admit_to_run()) {
            Ok(()) => Ok(attempt),
            Err(failure) => Err(attempt.failed(failure)),
        }
    }

    /// The first half of [`Attempt::begin`], for a call that will run later: counts the event,
    /// asks what can say no now, and hands the call over to `queue`, which may refuse it.
    pub(crate) fn enqueue(
        target: &'a Bound,
        event: &'a Event<'a>,
        is_open: bool,
        queue: impl FnOnce() -> Result<(), SkipReason>,
    ) {
        let mut attempt = Attempt::matched(target, Caller::Emission(event));
        let queued = attempt
            .admit(is_open)
            .and_then(|()| queue().map_err(Failure::refused));
        match queued {
            Ok(()) => attempt.ended = true,
            Err(failure) => drop(attempt.failed(failure)),
        }
    }

    /// The second half, when its turn has come.
    pub(crate) fn resume(target: &'a Bound, event: &'a Event<'a>) -> Result<Self, Ended> {
        let mut attempt = Attempt::admitted(target, Caller::Emission(event));
        match attempt.admit_to_run() {
            Ok(()) => Ok(attempt),
            Err(failure) => Err(attempt.failed(failure)),
        }
    }

    fn matched(target: &'a Bound, caller: Caller<'a>) -> Self {
        target.entry.tally.matched();
        Attempt::admitted(target, caller)
    }

    /// A call that was counted, and that nothing refused.
    pub(super) fn admitted(target: &'a Bound, caller: Caller<'a>) -> Self {
        Attempt {
            target,
            caller,
            admission: Admission::Admitted,
            started: None,
            ended: false,
        }
    }

    /// Whose call it is.
    pub(crate) fn target(&self) -> &'a Bound {
        self.target
    }

    /// What the code of the call is told about it.
    pub(crate) fn call(&self) -> Call<'a> {
        self.target.call()
    }

    /// Runs user code on this thread, in the call.
    pub(crate) fn run<R>(&self, code: impl FnOnce() -> R) -> Result<R, Caught> {
        let _inside = Inside::enter();
        contain::catch(self.voice(), code)
    }

    /// `None` where the handler would run inside itself.
    pub(crate) fn nested(&self) -> Option<Nested> {
        Nested::enter(Arc::as_ptr(&self.target.entry).addr())
    }

    /// Ends the call with what its code answered, and left with `call`.
    pub(crate) fn complete(
        self,
        call: &mut Call<'_>,
        answer: Result<Completion, Caught>,
    ) -> Result<(), Ended> {
        match answer {
            Ok(Ok(Verdict::Handled)) => {
                self.handled();
                Ok(())
            }
            Ok(Ok(Verdict::Failed) | Err(_)) => Err(self.failed(call.take_failure())),
            Err(caught) => Err(self.panicked(caught)),
        }
    }

    /// Ends the call with a panic. Its payload is dropped as a part of the call.
    pub(crate) fn panicked(self, caught: Caught) -> Ended {
        let conduct = &self.target.conduct;
        let passes = conduct.passes_through(caught.payload());
        let failure = if passes {
            Failure::refused(SkipReason::Cancelled)
        } else {
            let (reason, said) = classify::panic_reason(caught.payload());
            let ticket = self.call().panic_ticket(reason);
            let is_read = ticket.is_some() || self.caller.is_told();
            let detail = is_read.then(|| Arc::new(caught.detail(said)));
            Failure {
                reason,
                cause: Cause::Panic(ticket, detail),
            }
        };
        let payload = caught.into_payload();
        let mut raise = None;
        if contain::may_raise() && (passes || !conduct.config.defensive_mode) {
            raise = Some(payload);
        } else {
            self.dispose(payload);
        }
        let ended = self.failed(failure);
        match raise {
            Some(_) => Ended::new(ended.reason, ended.detail(), raise),
            None => ended,
        }
    }

    fn dispose(&self, payload: contain::Payload) {
        if contain::is_text(&*payload) {
            return;
        }
        let _nested = self.nested();
        let _inside = Inside::enter();
        let disposed = contain::dispose(payload);
        self.target.entry.tally.disposed(disposed);
    }

    fn handled(mut self) {
        self.ended = true;
        let over_budget = self.is_over_budget();
        self.target.entry.tally.handled();
        if self.tell_breaker(Some(over_budget)) {
            self.tell_changes();
        }
    }

    /// Ends the call with a failure.
    pub(crate) fn failed(mut self, failure: Failure) -> Ended {
        self.ended = true;
        self.skip(failure)
    }

    fn skip(&self, mut failure: Failure) -> Ended {
        let Bound { conduct, entry, .. } = self.target;
        let over_budget = self.is_over_budget();
        entry.tally.skipped(failure.reason);
        let has_changed = self.tell_breaker(match failure.cause {
            Cause::Refused | Cause::Probe(_) | Cause::Resource(_) => None,
            Cause::Error(_) | Cause::Panic(..) => Some(failure.counts() || over_budget),
        });
        let subject = Subject {
            handler: &entry.id,
            phase: &conduct.phase_cell,
            event: self.caller.event(),
        };
        record::tell(subject, &self.call(), &mut failure);
        if news::skips_are_heard() {
            news::tell_skip(&entry.id, failure.reason, subject.event);
        }
        if has_changed {
            self.tell_changes();
        }
        let raise = self.strict_error(&failure);
        let detail = match failure.cause {
            Cause::Panic(_, detail) => detail,
            _ => None,
        };
        Ended::new(failure.reason, detail, raise)
    }

    /// In strict mode an error of a registered handler goes on as a panic, for it has no caller
    /// to return to.
    fn strict_error(&self, failure: &Failure) -> Option<contain::Payload> {
        let Bound { conduct, entry, .. } = self.target;
        let is_error = matches!(failure.cause, Cause::Error(_));
        let is_strict = !conduct.config.defensive_mode && self.caller.event().is_some();
        let raised = is_strict && is_error && contain::may_raise();
        raised.then(|| -> contain::Payload {
            Box::new(format!("handler `{}` failed: {}", entry.id, failure.reason))
        })
    }

    fn is_over_budget(&self) -> bool {
        let Bound {
            conduct,
            entry,
            settings,
            ..
        } = self.target;
        let Some((started, budget)) = self.started.zip(settings.budget.or(entry.budget)) else {
            return false;
        };
        let took = started.elapsed();
        if took > budget {
            entry.tally.over_budget.fetch_add(1, Ordering::Relaxed);
            if settings.debug
                && let Some(ticket) = entry.limiters.slow_call(conduct.rate())
            {
                let fate = notice::slow(&entry.id, took, budget, ticket);
                entry.limiters.settle(ticket, fate);
            }
        }
        took > budget
    }

    /// `None` says nothing about the handler itself. Returns whether its quarantine has changed.
    fn tell_breaker(&self, failed: Option<bool>) -> bool {
        let Bound {
            conduct,
            entry,
            limits,
            ..
        } = self.target;
        let breaker = &entry.breaker;
        match failed {
            Some(false) => breaker.succeeded(self.admission, self.hearing()),
            Some(true) => match *limits {
                // Without a probe, a run of failures that never is too long tells nothing.
                Some(limits) if limits.can_be_reached() || self.admission == Admission::Probe => {
                    breaker.failed(self.admission, limits, self.hearing(), conduct.now())
                }
                _ => false,
            },
            None => {
                breaker.undecided(self.admission, || conduct.now());
                false
            }
        }
    }

    pub(super) fn tell_changes(&self) {
        news::tell_changes(&self.target.conduct, &self.target.entry);
    }

    /// Who is told what becomes of the handler by this call.
    pub(super) fn hearing(&self) -> Hearing {
        news::hearing(self.caller.event())
    }

    pub(super) fn voice(&self) -> Voice {
        if self.target.conduct.config.defensive_mode {
            Voice::Silent
        } else {
            Voice::Loud
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.skip(Failure::refused(SkipReason::Cancelled));
        }
    }
}

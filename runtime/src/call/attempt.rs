//! From a matched event to its one outcome.
//!
//! Whatever happens between [`Attempt::begin`] and [`Attempt::end`], exactly one of handled and
//! skipped is counted; an attempt that is dropped instead was cancelled.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use crate::{
    classify,
    contain::{self, Caught, PanicDetail, Voice},
    diagnostics::record::{self, Subject},
    event::Event,
    handler::{Admission, Bound, Change},
    reason::SkipReason,
    running::{Inside, Nested},
    verdict::{Call, Cause, Completion, Failure, Verdict},
};

/// A call that was admitted and has not ended.
pub(crate) struct Attempt<'a> {
    pub(super) target: &'a Bound,
    event: Option<&'a Event<'a>>,
    pub(super) admission: Admission,
    /// Read only where there is a budget.
    pub(super) started: Option<Instant>,
    ended: bool,
}

/// How a call that was skipped ended, for whoever made it.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) reason: SkipReason,
    pub(crate) panic: Option<PanicDetail>,
    /// The panic to go on with: strict mode, and payloads that pass through.
    pub(crate) raise: Option<contain::Payload>,
}

impl<'a> Attempt<'a> {
    /// Counts the event and asks everything that can say no before user code runs. Whoever
    /// begins an attempt is inside the handler's gate, unless that is closed, until it has ended.
    pub(crate) fn begin(
        target: &'a Bound,
        event: Option<&'a Event<'a>>,
        is_open: bool,
    ) -> Result<Self, Ended> {
        let mut attempt = Attempt::matched(target, event);
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
        let mut attempt = Attempt::matched(target, Some(event));
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
        let mut attempt = Attempt::admitted(target, Some(event));
        match attempt.admit_to_run() {
            Ok(()) => Ok(attempt),
            Err(failure) => Err(attempt.failed(failure)),
        }
    }

    fn matched(target: &'a Bound, event: Option<&'a Event<'a>>) -> Self {
        target.entry.tally.matched();
        Attempt::admitted(target, event)
    }

    /// A call that was counted, and that nothing refused.
    pub(super) fn admitted(target: &'a Bound, event: Option<&'a Event<'a>>) -> Self {
        Attempt {
            target,
            event,
            admission: Admission::Admitted,
            started: None,
            ended: false,
        }
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
    pub(super) fn nested(&self) -> Option<Nested> {
        Nested::enter(Arc::as_ptr(&self.target.entry).addr())
    }

    /// Ends the call with what its code answered, and left with `call`.
    pub(crate) fn complete(
        self,
        call: Call<'_>,
        answer: Result<Completion, Caught>,
    ) -> Result<(), Ended> {
        match answer {
            Ok(Ok(Verdict::Handled)) => {
                self.handled();
                Ok(())
            }
            Ok(Ok(Verdict::Failed) | Err(_)) => Err(self.failed(call.into_failure())),
            Err(caught) => Err(self.panicked(caught)),
        }
    }

    /// Ends the call with a panic. Its payload is dropped as a part of the call.
    pub(crate) fn panicked(self, caught: Caught) -> Ended {
        let conduct = &self.target.conduct;
        let Caught { payload, location } = caught;
        let passes = conduct.passes_through(&*payload);
        let failure = if passes {
            Failure::refused(SkipReason::Cancelled)
        } else {
            Failure {
                reason: classify::panic_reason(&*payload),
                cause: Cause::Panic(Box::new(PanicDetail::of(&*payload, location))),
            }
        };
        let mut raise = None;
        if contain::may_raise() && (passes || !conduct.config.defensive_mode) {
            raise = Some(payload);
        } else {
            self.dispose(payload);
        }
        let ended = self.failed(failure);
        Ended { raise, ..ended }
    }

    fn dispose(&self, payload: contain::Payload) {
        let _nested = self.nested();
        let _inside = Inside::enter();
        let panics = contain::dispose(payload);
        let counted = &self.target.entry.tally.payload_drop_panics;
        counted.fetch_add(panics.into(), Ordering::Relaxed);
    }

    fn handled(mut self) {
        self.ended = true;
        let over_budget = self.is_over_budget();
        self.target.entry.tally.handled();
        self.tell_breaker(Some(over_budget));
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
        self.tell_breaker(match failure.cause {
            Cause::Refused | Cause::Probe(_) | Cause::Resource(_) => None,
            Cause::Error(_) | Cause::Panic(_) => Some(failure.counts() || over_budget),
        });
        let subject = Subject {
            handler: &entry.id,
            phase: &conduct.phase_cell,
            event: self.event,
        };
        record::tell(subject, &self.call(), &mut failure);
        let raise = self.strict_error(&failure);
        let panic = match failure.cause {
            Cause::Panic(detail) => Some(*detail),
            _ => None,
        };
        Ended {
            reason: failure.reason,
            panic,
            raise,
        }
    }

    /// In strict mode an error of a registered handler goes on as a panic, for it has no caller
    /// to return to.
    fn strict_error(&self, failure: &Failure) -> Option<contain::Payload> {
        let Bound { conduct, entry, .. } = self.target;
        let is_error = matches!(failure.cause, Cause::Error(_));
        let is_strict = !conduct.config.defensive_mode && self.event.is_some();
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
                && let Some(ticket) = entry.limiters.slow_call(&conduct.config.debug_log)
            {
                record::slow(&entry.id, took, budget, ticket);
            }
        }
        took > budget
    }

    /// `None` says nothing about the handler itself.
    fn tell_breaker(&self, failed: Option<bool>) {
        let Bound {
            conduct,
            entry,
            settings,
            ..
        } = self.target;
        let change = match failed {
            Some(false) => entry.breaker.succeeded(self.admission),
            Some(true) => match entry.limits(&conduct.config, settings.quarantine) {
                Some(limits) => entry.breaker.failed(self.admission, limits, Instant::now()),
                None => return,
            },
            None => return entry.breaker.undecided(self.admission, Instant::now),
        };
        let told = || {
            entry
                .limiters
                .transition(&conduct.config.debug_log)
                .is_some()
        };
        match change {
            Change::Quarantined { cooldown } if told() => record::quarantined(&entry.id, cooldown),
            Change::Readmitted if told() => record::readmitted(&entry.id),
            _ => {}
        }
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

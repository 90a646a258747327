//! From a matched event to its one outcome.
//!
//! Whatever happens between [`Attempt::begin`] and [`Attempt::end`], exactly one of handled and
//! skipped is counted; an attempt that is dropped instead was cancelled.

use std::{sync::atomic::Ordering, time::Instant};

use crate::{
    classify,
    config::Settings,
    contain::{self, Caught, PanicDetail, Voice},
    diagnostics::record::{self, Subject},
    event::Event,
    gate::Pass,
    handler::{Admission, Change, Entry},
    instance::Core,
    reason::SkipReason,
    running::{Inside, Nested},
    verdict::{Call, Cause, Completion, Failure, Verdict},
};

/// Whom a call is made to, and what the config says of the two.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) core: &'a Core,
    pub(crate) entry: &'a Entry,
    pub(crate) settings: Settings,
}

/// A call that was admitted and has not ended.
pub(crate) struct Attempt<'a> {
    pub(super) target: Target<'a>,
    event: Option<&'a Event<'a>>,
    pub(super) admission: Admission,
    /// Read only where there is a budget.
    pub(super) started: Option<Instant>,
    ended: bool,
    /// Keeps a detach waiting until the call has been counted.
    pub(super) pass: Option<Pass<'a>>,
}

/// How a call ended, for whoever made it.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) reason: Option<SkipReason>,
    pub(crate) panic: Option<PanicDetail>,
    /// The panic to go on with: strict mode, and payloads that pass through.
    pub(crate) raise: Option<contain::Payload>,
}

impl<'a> Attempt<'a> {
    /// Counts the event and asks everything that can say no before user code runs.
    pub(crate) fn begin(target: Target<'a>, event: Option<&'a Event<'a>>) -> Result<Self, Ended> {
        let number = target.entry.tally.matched();
        let mut attempt = Attempt::new(target, event, target.entry.gate.enter());
        match attempt.admit(number).and_then(|()| attempt.admit_to_run()) {
            Ok(()) => Ok(attempt),
            Err(failure) => Err(attempt.end(Verdict(Some(failure)))),
        }
    }

    /// The first half of [`Attempt::begin`], for a call that will run later: counts the event,
    /// asks what can say no now, and hands the call over to `queue`, which may refuse it.
    pub(crate) fn enqueue(
        target: Target<'a>,
        event: &'a Event<'a>,
        queue: impl FnOnce() -> Result<(), SkipReason>,
    ) {
        let number = target.entry.tally.matched();
        let mut attempt = Attempt::new(target, Some(event), target.entry.gate.enter());
        let queued = attempt
            .admit(number)
            .and_then(|()| queue().map_err(Failure::refused));
        match queued {
            Ok(()) => attempt.ended = true,
            Err(failure) => drop(attempt.end(Verdict(Some(failure)))),
        }
    }

    /// The second half, when its turn has come.
    pub(crate) fn resume(target: Target<'a>, event: &'a Event<'a>) -> Result<Self, Ended> {
        let mut attempt = Attempt::new(target, Some(event), None);
        match attempt.admit_to_run() {
            Ok(()) => Ok(attempt),
            Err(failure) => Err(attempt.end(Verdict(Some(failure)))),
        }
    }

    fn new(target: Target<'a>, event: Option<&'a Event<'a>>, pass: Option<Pass<'a>>) -> Self {
        let admission = Admission::Admitted;
        Attempt {
            target,
            event,
            admission,
            started: None,
            ended: false,
            pass,
        }
    }

    /// What the code of the call is told about it.
    pub(crate) fn call(&self) -> Call<'a> {
        let Target {
            core,
            entry,
            settings,
        } = self.target;
        let log = &core.config.debug_log;
        Call {
            limiters: &entry.limiters,
            log,
            debug: settings.debug,
        }
    }

    /// Runs user code on this thread, in the call.
    pub(crate) fn run<R>(&self, code: impl FnOnce(&Call<'a>) -> R) -> Result<R, Caught> {
        let _inside = Inside::enter();
        contain::catch(self.voice(), || code(&self.call()))
    }

    /// As [`Attempt::run`], unless the handler would run inside itself.
    pub(crate) fn run_once_nested<R>(
        &self,
        code: impl FnOnce(&Call<'a>) -> R,
    ) -> Option<Result<R, Caught>> {
        let _nested = self.nested()?;
        Some(self.run(code))
    }

    pub(super) fn nested(&self) -> Option<Nested> {
        Nested::enter(std::ptr::from_ref(self.target.entry).addr())
    }

    /// Ends the call with what its code answered.
    pub(crate) fn complete(self, answer: Result<Completion, Caught>) -> Ended {
        match answer {
            Ok(Ok(verdict)) => self.end(verdict),
            Ok(Err(unavailable)) => self.end(Verdict(Some(Failure::unavailable(&unavailable)))),
            Err(caught) => self.panicked(caught),
        }
    }

    /// Ends the call with a panic. Its payload is dropped as a part of the call.
    pub(crate) fn panicked(self, caught: Caught) -> Ended {
        let core = self.target.core;
        let Caught { payload, location } = caught;
        let passes = core.passes_through(&*payload);
        let failure = if passes {
            Failure::refused(SkipReason::Cancelled)
        } else {
            Failure {
                reason: classify::panic_reason(&*payload),
                cause: Cause::Panic(Box::new(PanicDetail::of(&*payload, location))),
            }
        };
        let mut raise = None;
        if contain::may_raise() && (passes || !core.config.defensive_mode) {
            raise = Some(payload);
        } else {
            self.dispose(payload);
        }
        let ended = self.end(Verdict(Some(failure)));
        Ended { raise, ..ended }
    }

    fn dispose(&self, payload: contain::Payload) {
        let _nested = self.nested();
        let _inside = Inside::enter();
        let panics = contain::dispose(payload);
        let counted = &self.target.entry.tally.payload_drop_panics;
        counted.fetch_add(panics.into(), Ordering::Relaxed);
    }

    /// Ends the call with a verdict.
    pub(crate) fn end(mut self, verdict: Verdict) -> Ended {
        self.ended = true;
        self.settle(verdict)
    }

    fn settle(&self, verdict: Verdict) -> Ended {
        let Target { core, entry, .. } = self.target;
        let over_budget = self.is_over_budget();
        let Some(mut failure) = verdict.0 else {
            entry.tally.handled();
            self.tell_breaker(Some(over_budget));
            return Ended {
                reason: None,
                panic: None,
                raise: None,
            };
        };
        entry.tally.skipped(failure.reason);
        self.tell_breaker(match failure.cause {
            Cause::Refused | Cause::Probe(_) | Cause::Resource(_) => None,
            Cause::Error(_) | Cause::Panic(_) => Some(failure.counts() || over_budget),
        });
        let subject = Subject {
            handler: &entry.id,
            phase: &core.phase_cell,
            event: self.event,
        };
        record::tell(subject, &self.call(), &mut failure);
        let raise = self.strict_error(&failure);
        let panic = match failure.cause {
            Cause::Panic(detail) => Some(*detail),
            _ => None,
        };
        Ended {
            reason: Some(failure.reason),
            panic,
            raise,
        }
    }

    /// In strict mode an error of a registered handler goes on as a panic, for it has no caller
    /// to return to.
    fn strict_error(&self, failure: &Failure) -> Option<contain::Payload> {
        let Target { core, entry, .. } = self.target;
        let is_error = matches!(failure.cause, Cause::Error(_));
        let is_strict = !core.config.defensive_mode && self.event.is_some();
        let raised = is_strict && is_error && contain::may_raise();
        raised.then(|| -> contain::Payload {
            Box::new(format!("handler `{}` failed: {}", entry.id, failure.reason))
        })
    }

    fn is_over_budget(&self) -> bool {
        let Target {
            core,
            entry,
            settings,
        } = self.target;
        let Some((started, budget)) = self.started.zip(settings.budget.or(entry.budget)) else {
            return false;
        };
        let took = started.elapsed();
        if took > budget {
            entry.tally.over_budget.fetch_add(1, Ordering::Relaxed);
            if settings.debug
                && let Some(ticket) = entry.limiters.slow_call(&core.config.debug_log)
            {
                record::slow(&entry.id, took, budget, ticket);
            }
        }
        took > budget
    }

    /// `None` says nothing about the handler itself.
    fn tell_breaker(&self, failed: Option<bool>) {
        let Target {
            core,
            entry,
            settings,
        } = self.target;
        let change = match failed {
            Some(false) => entry.breaker.succeeded(self.admission),
            Some(true) => match entry.limits(&core.config, settings.quarantine) {
                Some(limits) => entry.breaker.failed(self.admission, limits, Instant::now()),
                None => return,
            },
            None => return entry.breaker.undecided(self.admission, Instant::now),
        };
        let told = || entry.limiters.transition(&core.config.debug_log).is_some();
        match change {
            Change::Quarantined { cooldown } if told() => record::quarantined(&entry.id, cooldown),
            Change::Readmitted if told() => record::readmitted(&entry.id),
            _ => {}
        }
    }

    fn voice(&self) -> Voice {
        if self.target.core.config.defensive_mode {
            Voice::Silent
        } else {
            Voice::Loud
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.settle(Verdict(Some(Failure::refused(SkipReason::Cancelled))));
        }
    }
}

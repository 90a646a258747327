//! From a matched event to its one outcome.
//!
//! Whatever happens between [`Attempt::begin`] and [`Attempt::end`], exactly one of handled and
//! skipped is counted; an attempt that is dropped instead was cancelled.

use std::time::Instant;

use super::{
    Call, Cause, Failure, Verdict,
    running::{Inside, Nested},
};
use crate::{
    classify,
    config::Settings,
    contain::{self, Caught, PanicDetail, Voice},
    diagnostics::record,
    event::Event,
    gate::Pass,
    handler::{Admission, Entry},
    reason::SkipReason,
    resource::Unavailable,
    telemetry::Core,
};

/// A call that was admitted and has not ended.
pub(crate) struct Attempt<'a> {
    pub(crate) call: Call<'a>,
    event: Option<&'a Event<'a>>,
    admission: Admission,
    started: Option<Instant>,
    ended: bool,
    /// Keeps a detach waiting until the call has been counted.
    pass: Option<Pass<'a>>,
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
    pub(crate) fn begin(
        core: &'a Core,
        entry: &'a Entry,
        event: Option<&'a Event<'a>>,
        settings: Settings,
    ) -> Result<Self, Ended> {
        let number = entry.tally.matched();
        let mut attempt = Attempt::new(
            Call {
                core,
                entry,
                settings,
            },
            event,
            entry.gate.enter(),
        );
        match attempt.admit(number).and_then(|()| attempt.admit_to_run()) {
            Ok(()) => Ok(attempt),
            Err(failure) => Err(attempt.end(Verdict(Some(failure)))),
        }
    }

    /// The first half of [`Attempt::begin`], for a call that will run later: counts the event,
    /// asks what can say no now, and hands the call over to `queue`, which may refuse it.
    #[cfg(feature = "tokio")]
    pub(crate) fn enqueue(
        call: Call<'a>,
        event: &'a Event<'a>,
        queue: impl FnOnce() -> Result<(), SkipReason>,
    ) {
        let number = call.entry.tally.matched();
        let mut attempt = Attempt::new(call, Some(event), call.entry.gate.enter());
        match attempt
            .admit(number)
            .and_then(|()| queue().map_err(Failure::refused))
        {
            Ok(()) => attempt.ended = true,
            Err(failure) => drop(attempt.end(Verdict(Some(failure)))),
        }
    }

    /// The second half, when its turn has come.
    #[cfg(feature = "tokio")]
    pub(crate) fn resume(call: Call<'a>, event: &'a Event<'a>) -> Result<Self, Ended> {
        let mut attempt = Attempt::new(call, Some(event), None);
        match attempt.admit_to_run() {
            Ok(()) => Ok(attempt),
            Err(failure) => Err(attempt.end(Verdict(Some(failure)))),
        }
    }

    fn new(call: Call<'a>, event: Option<&'a Event<'a>>, pass: Option<Pass<'a>>) -> Self {
        let admission = Admission::Admitted;
        Attempt {
            call,
            event,
            admission,
            started: None,
            ended: false,
            pass,
        }
    }

    fn admit(&mut self, number: u64) -> Result<(), Failure> {
        let Call {
            entry, settings, ..
        } = self.call;
        if self.pass.is_none() {
            return Err(Failure::refused(SkipReason::ShuttingDown));
        }
        if contain::in_panic_hook() {
            return Err(Failure::refused(SkipReason::InPanicHook));
        }
        if !settings.enabled || entry.is_paused() || !sampled(number, settings.sample) {
            return Err(Failure::refused(SkipReason::Disabled));
        }
        Ok(())
    }

    fn admit_to_run(&mut self) -> Result<(), Failure> {
        let Call {
            entry, settings, ..
        } = self.call;
        self.admission = entry.breaker.admit(Instant::now);
        if self.admission == Admission::Refused {
            return Err(Failure::refused(SkipReason::Quarantined));
        }
        if let Some(probe) = entry.available {
            self.ask(probe)?;
        }
        self.started = settings.budget.or(entry.budget).map(|_| Instant::now());
        Ok(())
    }

    fn ask(&self, probe: fn() -> bool) -> Result<(), Failure> {
        let reason = SkipReason::Unavailable;
        match contain::attempt(probe) {
            Some(true) => Ok(()),
            Some(false) => Err(Failure::refused(reason)),
            None => {
                let first = || self.call.entry.limiters.first_bug();
                let ticket = self.call.ticket(reason).or_else(first);
                Err(Failure {
                    reason,
                    cause: Cause::Probe(ticket),
                })
            }
        }
    }

    /// Runs user code on this thread, in the call.
    pub(crate) fn run<R>(&self, code: impl FnOnce(&Call<'a>) -> R) -> Result<R, Caught> {
        let _inside = Inside::enter();
        contain::catch(self.voice(), || code(&self.call))
    }

    /// As [`Attempt::run`], unless the handler would run inside itself.
    pub(crate) fn run_once_nested<R>(
        &self,
        code: impl FnOnce(&Call<'a>) -> R,
    ) -> Option<Result<R, Caught>> {
        let _nested = Nested::enter(std::ptr::from_ref(self.call.entry).addr())?;
        Some(self.run(code))
    }

    /// Ends the call with what its code answered.
    pub(crate) fn complete(self, answer: Result<Result<Verdict, Unavailable>, Caught>) -> Ended {
        match answer {
            Ok(Ok(verdict)) => self.end(verdict),
            Ok(Err(unavailable)) => self.end(Verdict(Some(Failure::unavailable(&unavailable)))),
            Err(caught) => self.panicked(caught),
        }
    }

    /// Ends the call with a panic.
    pub(crate) fn panicked(self, caught: Caught) -> Ended {
        let (core, tally) = (self.call.core, &self.call.entry.tally);
        if core.passes_through(&*caught.payload) {
            let mut ended = self.end(Verdict(Some(Failure::refused(SkipReason::Cancelled))));
            ended.raise = Some(caught.payload);
            return ended;
        }
        let reason = classify::panic_reason(&*caught.payload);
        let detail = Box::new(PanicDetail::of(&*caught.payload, caught.location));
        let mut ended = self.end(Verdict(Some(Failure {
            reason,
            cause: Cause::Panic(detail),
        })));
        if core.config.defensive_mode {
            let panics = contain::dispose(caught.payload);
            tally
                .payload_drop_panics
                .fetch_add(panics.into(), std::sync::atomic::Ordering::Relaxed);
        } else {
            ended.raise = Some(caught.payload);
        }
        ended
    }

    /// Ends the call with a verdict.
    pub(crate) fn end(mut self, verdict: Verdict) -> Ended {
        self.ended = true;
        self.settle(verdict)
    }

    fn settle(&self, verdict: Verdict) -> Ended {
        let Call { entry, .. } = self.call;
        let over_budget = self.is_over_budget();
        let Some(mut failure) = verdict.0 else {
            entry.tally.handled();
            self.tell_breaker(if over_budget { Some(true) } else { Some(false) });
            return Ended {
                reason: None,
                panic: None,
                raise: None,
            };
        };
        entry.tally.skipped(failure.reason);
        self.tell_breaker(match failure.cause {
            Cause::Refused | Cause::Probe(_) | Cause::Resource(_) => None,
            _ => Some(failure.counts() || over_budget),
        });
        record::tell(&self.call, self.event, &mut failure);
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
        let Call { core, entry, .. } = self.call;
        let raised = !core.config.defensive_mode
            && self.event.is_some()
            && matches!(failure.cause, Cause::Error(_));
        raised.then(|| -> contain::Payload {
            Box::new(format!("handler `{}` failed: {}", entry.id, failure.reason))
        })
    }

    fn is_over_budget(&self) -> bool {
        let Call {
            entry, settings, ..
        } = self.call;
        let Some((started, budget)) = self.started.zip(settings.budget.or(entry.budget)) else {
            return false;
        };
        let over = started.elapsed() > budget;
        if over {
            entry
                .tally
                .over_budget
                .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            record::slow(&self.call, started.elapsed(), budget);
        }
        over
    }

    /// `None` says nothing about the handler itself.
    fn tell_breaker(&self, failed: Option<bool>) {
        let Call {
            core,
            entry,
            settings,
        } = self.call;
        let change = match failed {
            Some(false) => entry.breaker.succeeded(self.admission),
            Some(true) => match entry.limits(&core.config, settings.quarantine) {
                Some(limits) => entry.breaker.failed(self.admission, limits, Instant::now()),
                None => return,
            },
            None => return entry.breaker.undecided(self.admission, Instant::now()),
        };
        record::breaker(&self.call, change);
    }

    fn voice(&self) -> Voice {
        if self.call.core.config.defensive_mode {
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

/// Whether the event of this number is in the sample: evenly spread, exactly the rate.
#[allow(
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "whole numbers far below 2^53"
)]
fn sampled(number: u64, rate: f64) -> bool {
    rate >= 1.0 || (number as f64 * rate).floor() != ((number + 1) as f64 * rate).floor()
}

#[cfg(test)]
mod tests {
    use super::sampled;

    #[test]
    fn a_sample_is_exact_and_spread() {
        let taken: Vec<u64> = (0..40).filter(|number| sampled(*number, 0.1)).collect();
        assert_eq!(taken, [9, 19, 29, 39]);
        assert_eq!((0..1000).filter(|number| sampled(*number, 0.0)).count(), 0);
        assert_eq!(
            (0..1000).filter(|number| sampled(*number, 1.0)).count(),
            1000
        );
    }
}

//! What is asked before the user's code runs: gate, hook, config, breaker, availability.

use std::time::Instant;

use super::{
    attempt::{Attempt, Target},
    sample::is_sampled,
};
use crate::{
    contain,
    handler::Admission,
    reason::SkipReason,
    running::Inside,
    verdict::{Cause, Failure},
};

impl Attempt<'_> {
    /// Asks what can say no already when the event comes.
    pub(super) fn admit(&self, number: u64) -> Result<(), Failure> {
        let Target {
            entry, settings, ..
        } = self.target;
        if self.pass.is_none() {
            return Err(Failure::refused(SkipReason::ShuttingDown));
        }
        if contain::in_panic_hook() {
            return Err(Failure::refused(SkipReason::InPanicHook));
        }
        if !settings.enabled || entry.is_paused() || !is_sampled(number, settings.sample) {
            return Err(Failure::refused(SkipReason::Disabled));
        }
        Ok(())
    }

    /// Asks what can say no only when the call is about to run.
    pub(super) fn admit_to_run(&mut self) -> Result<(), Failure> {
        let Target {
            entry, settings, ..
        } = self.target;
        // An event without quarantine is no probe either: its failure would tell the breaker nothing.
        if entry.breaker.is_tripped() && entry.is_quarantinable(settings.quarantine) {
            self.admission = entry.breaker.admit(Instant::now);
        }
        if self.admission == Admission::Refused {
            return Err(Failure::refused(SkipReason::Quarantined));
        }
        if let Some(probe) = entry.available {
            self.ask(probe)?;
        }
        self.started = settings.budget.or(entry.budget).map(|_| Instant::now());
        Ok(())
    }

    /// Asks the probe, as a part of the call: it may emit, and it may detach.
    fn ask(&self, probe: fn() -> bool) -> Result<(), Failure> {
        let reason = SkipReason::Unavailable;
        let Some(_nested) = self.nested() else {
            return Err(Failure::refused(SkipReason::Reentrant));
        };
        let _inside = Inside::enter();
        match contain::attempt(probe) {
            Some(true) => Ok(()),
            Some(false) => Err(Failure::refused(reason)),
            None => {
                let first = || self.target.entry.limiters.first_bug();
                let ticket = self.call().ticket(reason).or_else(first);
                Err(Failure {
                    reason,
                    cause: Cause::Probe(ticket),
                })
            }
        }
    }
}

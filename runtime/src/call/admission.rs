//! What is asked before the user's code runs: gate, hook, config, breaker, availability.

use std::{sync::atomic::Ordering, time::Instant};

use super::{attempt::Attempt, sample::is_sampled};
use crate::{
    contain,
    handler::{Admission, Bound},
    reason::SkipReason,
    running::Inside,
    verdict::{Cause, Failure},
};

impl Attempt<'_> {
    /// Asks what can say no already when the event comes.
    pub(super) fn admit(&self, is_open: bool) -> Result<(), Failure> {
        let Bound {
            entry, settings, ..
        } = self.target;
        if !is_open {
            return Err(Failure::refused(SkipReason::ShuttingDown));
        }
        if contain::in_panic_hook() {
            return Err(Failure::refused(SkipReason::InPanicHook));
        }
        if !settings.enabled || entry.is_paused() || !self.is_sampled() {
            return Err(Failure::refused(SkipReason::Disabled));
        }
        Ok(())
    }

    /// Asks what can say no only when the call is about to run.
    pub(super) fn admit_to_run(&mut self) -> Result<(), Failure> {
        let Bound {
            conduct,
            entry,
            settings,
            limits,
            ..
        } = self.target;
        if entry.breaker.is_tripped() {
            let is_quarantinable = limits.is_some();
            let now = || conduct.now();
            self.admission = entry.breaker.admit(is_quarantinable, self.hearing(), now);
            if self.admission != Admission::Refused {
                self.tell_changes();
            }
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

    fn is_sampled(&self) -> bool {
        let Bound {
            entry, settings, ..
        } = self.target;
        settings.sample >= 1.0
            || is_sampled(
                entry.sampled.fetch_add(1, Ordering::Relaxed),
                settings.sample,
            )
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
            None => Err(Failure {
                reason,
                cause: Cause::Probe(self.call().probe_ticket()),
            }),
        }
    }
}

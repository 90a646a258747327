//! A handler with all that a call of it needs to know.

use std::sync::{Arc, OnceLock};

use super::{Entry, Own, Place};
use crate::{
    conduct::Conduct,
    config::Settings,
    event::Event,
    gate::Gate,
    hazard::Here,
    verdict::{Call, Completion},
};

/// A handler, bound to an event or to those who call it as a function.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) conduct: Arc<Conduct>,
    pub(crate) entry: Arc<Entry>,
    pub(crate) settings: Settings,
    /// Whether only the handler's own state can refuse a call: no queue, rule, sample or probe, and
    /// nothing to be measured or raised.
    unconditional: bool,
    counters: Place,
    code: Code,
}

/// The code of a handler, for the call of a bound one.
pub(crate) type Code = fn(&Call<'_>, &Event<'_>) -> Completion;

impl Bound {
    pub(crate) fn new(conduct: &Arc<Conduct>, entry: Arc<Entry>, settings: Settings) -> Self {
        let unconditional = settings.enabled
            && settings.sample >= 1.0
            && settings.budget.or(entry.budget).is_none()
            && entry.available.is_none()
            && conduct.config.defensive_mode
            && !entry.is_async();
        Bound {
            conduct: Arc::clone(conduct),
            counters: entry.tally.place(),
            code: entry.code(),
            entry,
            settings,
            unconditional,
        }
    }

    /// What the code of a call is told about it.
    #[inline]
    pub(crate) fn call(&self) -> Call<'_> {
        Call {
            target: self,
            failure: OnceLock::new(),
        }
    }

    /// Runs the user's code on this thread.
    #[inline]
    pub(crate) fn run(&self, call: &Call<'_>, event: &Event<'_>) -> Completion {
        (self.code)(call, event)
    }

    /// This thread's counters for it.
    #[inline]
    pub(crate) fn counters(&self, here: Here) -> Own {
        self.counters.counters(here)
    }

    /// Whether a call may go the short way, if its handler is [calm](super::Breaker::is_calm).
    #[inline]
    pub(crate) fn is_unconditional(&self) -> bool {
        self.unconditional
    }
}

impl AsRef<Gate> for Bound {
    fn as_ref(&self) -> &Gate {
        &self.entry.gate
    }
}

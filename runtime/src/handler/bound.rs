//! A handler with all that a call of it needs to know.

use std::sync::Arc;

use super::{Entry, Limits, Own, Place};
use crate::{
    conduct::Conduct,
    config::Settings,
    event::Event,
    gate::Gate,
    hazard::Here,
    verdict::{Call, Completion, Terms, Verdict},
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
    /// Whether a skip for its quarantine is only counted.
    skips_quietly: bool,
    counters: Place,
    code: Code,
    /// When it is quarantined; `None` for never.
    pub(crate) limits: Option<Limits>,
    terms: Terms,
}

/// The code of a handler, where it is found at once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Code {
    /// A function that takes the event alone and returns nothing.
    Direct(fn(&Event<'_>)),
    Sync(fn(&Call<'_>, &Event<'_>) -> Completion),
    /// The entry knows.
    Other,
}

impl Bound {
    pub(crate) fn new(conduct: &Arc<Conduct>, entry: Arc<Entry>, settings: Settings) -> Self {
        let unconditional = settings.enabled
            && settings.sample >= 1.0
            && settings.budget.or(entry.budget).is_none()
            && entry.available.is_none()
            && conduct.config.defensive_mode
            && !entry.is_queued();
        let limits = entry.limits(&conduct.config, settings.quarantine);
        Bound {
            conduct: Arc::clone(conduct),
            counters: entry.tally.place(),
            code: entry.code(),
            skips_quietly: unconditional && limits.is_some() && !settings.debug,
            limits,
            terms: Terms {
                limiters: Arc::clone(&entry.limiters),
                conduct: Arc::clone(conduct),
                debug: settings.debug,
            },
            entry,
            settings,
            unconditional,
        }
    }

    /// What the code of a call is told about it.
    #[inline]
    pub(crate) fn call(&self) -> Call<'_> {
        Call::new(&self.terms)
    }

    /// Runs the user's code on this thread.
    #[inline]
    pub(crate) fn run(&self, call: &Call<'_>, event: &Event<'_>) -> Completion {
        match self.code {
            Code::Direct(function) => {
                function(event);
                Ok(Verdict::Handled)
            }
            Code::Sync(function) => function(call, event),
            Code::Other => self.entry.run(call, event),
        }
    }

    /// This thread's counters for it.
    #[inline]
    pub(crate) fn counters(&self, here: Here) -> Own {
        self.counters.counters(here)
    }

    /// Whether any run of failures would quarantine the handler.
    pub(crate) fn can_be_quarantined(&self) -> bool {
        self.limits.is_some_and(Limits::can_be_reached)
    }

    /// Whether a call may go the short way, if its handler is [calm](super::Breaker::is_calm).
    #[inline]
    pub(crate) fn is_unconditional(&self) -> bool {
        self.unconditional
    }

    /// Whether a skip for its quarantine has only to be counted, if no handler hears of skips.
    #[inline]
    pub(crate) fn skips_quietly(&self) -> bool {
        self.skips_quietly
    }
}

impl AsRef<Gate> for Bound {
    fn as_ref(&self) -> &Gate {
        &self.entry.gate
    }
}

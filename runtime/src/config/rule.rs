//! Rules: settings for some handlers and events only.

use std::sync::Arc;
use std::time::Duration;

use super::{Config, NamePattern};
use crate::nearest::nearest;
use crate::pattern::Pattern;

/// One `[[telemetry.rule]]`: what it sets, for the handlers and events that it names.
///
/// Rules are taken in order, and for each setting the last one that matches wins.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Rule {
    /// The handlers that are meant; all of them when absent.
    pub handler: Option<NamePattern>,
    /// The events that are meant; all of them when absent.
    pub event: Option<Pattern>,
    /// Whether skips are logged.
    pub debug: Option<bool>,
    /// Whether the handlers run. It cannot switch on what [`Config::enabled`] switches off.
    pub enabled: Option<bool>,
    /// The share of events that are handled, from 0 to 1.
    pub sample: Option<f64>,
    /// How long a call may take before it is told as slow.
    pub budget: Option<Duration>,
    /// Whether the handlers are quarantined after too many failures.
    pub quarantine: Option<bool>,
    pub(super) place: Option<RulePlace>,
}

/// Where a rule was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RulePlace {
    pub(super) file: Arc<str>,
    pub(super) line: usize,
}

/// What the configuration says for one handler and one event.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// Whether skips are logged.
    pub debug: bool,
    /// Whether the handler runs.
    pub enabled: bool,
    /// The share of events that are handled, from 0 to 1.
    pub sample: f64,
    /// How long a call may take before it is told as slow; the handler's own budget when absent.
    pub budget: Option<Duration>,
    /// Whether too many failures quarantine the handler; the handler's own choice when absent.
    pub quarantine: Option<bool>,
}

impl Config {
    /// Resolves all rules for a handler, by its full name, and an event. Allocates nothing.
    pub fn settings(&self, handler: &str, event: &str) -> Settings {
        let mut settings = Settings::of(self);
        for rule in self
            .rules
            .iter()
            .filter(|rule| rule.matches(handler, event))
        {
            rule.apply(&mut settings);
        }
        settings.enabled &= self.enabled;
        settings
    }

    /// Words a warning for each rule that names no handler, or by a short name several of them.
    pub fn unmatched(&self, handlers: &[&str]) -> Vec<String> {
        self.rules
            .iter()
            .filter_map(|rule| rule.mismatch(handlers))
            .collect()
    }
}

impl Rule {
    /// A rule for every handler and event that sets nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits the rule to the handlers that match.
    #[must_use]
    pub fn with_handler(mut self, pattern: NamePattern) -> Self {
        self.handler = Some(pattern);
        self
    }

    /// Limits the rule to the events that match.
    #[must_use]
    pub fn with_event(mut self, pattern: Pattern) -> Self {
        self.event = Some(pattern);
        self
    }

    /// Sets [`Rule::debug`].
    #[must_use]
    pub fn with_debug(mut self, debug: bool) -> Self {
        self.debug = Some(debug);
        self
    }

    /// Sets [`Rule::enabled`].
    #[must_use]
    pub fn with_enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    /// Sets [`Rule::sample`].
    #[must_use]
    pub fn with_sample(mut self, share: f64) -> Self {
        self.sample = Some(share);
        self
    }

    /// Sets [`Rule::budget`].
    #[must_use]
    pub fn with_budget(mut self, budget: Duration) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Sets [`Rule::quarantine`].
    #[must_use]
    pub fn with_quarantine(mut self, quarantine: bool) -> Self {
        self.quarantine = Some(quarantine);
        self
    }

    /// The line of the file on which the rule begins; none when the program made it.
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.line)
    }

    /// Whether the rule is for this handler and this event.
    pub fn matches(&self, handler: &str, event: &str) -> bool {
        self.handler
            .as_ref()
            .is_none_or(|pattern| pattern.matches(handler))
            && self
                .event
                .as_ref()
                .is_none_or(|pattern| pattern.matches(event))
    }

    pub(super) fn sets_nothing(&self) -> bool {
        let Self {
            handler: _,
            event: _,
            debug,
            enabled,
            sample,
            budget,
            quarantine,
            place: _,
        } = self;
        debug.or(*enabled).or(*quarantine).is_none() && sample.is_none() && budget.is_none()
    }

    fn apply(&self, settings: &mut Settings) {
        settings.debug = self.debug.unwrap_or(settings.debug);
        settings.enabled = self.enabled.unwrap_or(settings.enabled);
        settings.budget = self.budget.or(settings.budget);
        settings.quarantine = self.quarantine.or(settings.quarantine);
        if let Some(share) = self.sample.filter(|share| !share.is_nan()) {
            settings.sample = share.clamp(0.0, 1.0);
        }
    }

    fn mismatch(&self, handlers: &[&str]) -> Option<String> {
        let pattern = self.handler.as_ref()?;
        let matched: Vec<&str> = handlers
            .iter()
            .copied()
            .filter(|name| pattern.matches(name))
            .collect();
        let told = match *matched.as_slice() {
            [] => {
                let offers: Vec<String> = handlers
                    .iter()
                    .filter_map(|name| pattern.reshaped(name))
                    .collect();
                let meant = nearest(pattern.as_str(), offers.iter().map(String::as_str))
                    .map_or_else(String::new, |offer| format!("; did you mean `{offer}`?"));
                format!("matches no handler{meant}")
            }
            [first, second, ..] if pattern.names_one() => format!(
                "matches {} handlers, `{first}` and `{second}` among them; \
                 write more of the name to choose one",
                matched.len(),
            ),
            _ => return None,
        };
        let place = match &self.place {
            Some(place) => format!("{}:{}", place.file, place.line),
            None => "configuration of the program".to_owned(),
        };
        Some(format!("{place}: the rule for handler `{pattern}` {told}"))
    }
}

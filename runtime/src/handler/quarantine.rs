//! When a failing handler is quarantined, as its attribute says.

use std::time::Duration;

use crate::config::duration;

/// What `quarantine(..)` on a handler changes; what is not written comes from the config.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quarantine {
    pub(crate) off: bool,
    pub(crate) failures: Option<u32>,
    pub(crate) within: Option<Duration>,
    pub(crate) cooldown: Option<Duration>,
}

impl Quarantine {
    /// The handler is never quarantined.
    pub const OFF: Self = Quarantine {
        off: true,
        ..Self::INHERIT
    };

    /// Everything as the config says.
    pub const INHERIT: Self = Quarantine {
        off: false,
        failures: None,
        within: None,
        cooldown: None,
    };

    /// After so many failures in a row; at least 1.
    ///
    /// # Panics
    ///
    /// If it is 0; in an attribute, at compile time.
    #[must_use]
    #[track_caller]
    pub const fn failures(mut self, failures: u32) -> Self {
        assert!(
            failures > 0,
            "`failures` is at least 1; write `quarantine = false` for never"
        );
        self.failures = Some(failures);
        self
    }

    /// Within this time, such as `"10s"`.
    ///
    /// # Panics
    ///
    /// If it is no duration; in an attribute, at compile time.
    #[must_use]
    #[track_caller]
    pub const fn within(mut self, text: &'static str) -> Self {
        self.within = Some(duration::of_literal(text));
        self
    }

    /// How long the first quarantine lasts, such as `"1s"`; each further one lasts twice as long.
    ///
    /// # Panics
    ///
    /// If it is no duration; in an attribute, at compile time.
    #[must_use]
    #[track_caller]
    pub const fn cooldown(mut self, text: &'static str) -> Self {
        self.cooldown = Some(duration::of_literal(text));
        self
    }
}

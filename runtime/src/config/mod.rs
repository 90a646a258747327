//! The configuration: a file, then the environment on top, both read strictly.
//!
//! ```toml
//! [telemetry]
//! enabled = true              # false: events are not emitted
//! defensive_mode = true       # false: failures are recorded, then raised again
//! graceful_shutdown = true    # false: detach at once, without draining
//! debug = false               # log skips and values
//!
//! [telemetry.shutdown]
//! deadline = "5s"
//!
//! [telemetry.quarantine]
//! failures = 5
//! within = "10s"
//! cooldown = "1s"
//! max_cooldown = "60s"
//!
//! [telemetry.debug_log]
//! burst = 5
//! per_minute = 60
//! max_value_bytes = 1024
//! redact = ["card", "*.password"]
//!
//! [[telemetry.rule]]          # in order, the last match wins
//! handler = "shop::billing::*"
//! event = "shop.**"
//! debug = true                # also: enabled, sample = 0.1, budget = "5ms", quarantine
//! ```
//!
//! A key in the environment is its path in capitals: `GAMBESON_TELEMETRY__SHUTDOWN__DEADLINE=2s`,
//! `GAMBESON_TELEMETRY__DEBUG_LOG__REDACT=card,*.password`. Rules are for the file only.

mod defaults;
mod document;
pub(crate) mod duration;
mod env;
mod error;
mod file;
mod keys;
mod patterns;
mod rule;
mod slot;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

pub use crate::glob::GlobError;
pub use duration::DurationError;
pub use error::ConfigError;
pub use patterns::{KeyPattern, NamePattern};
pub use rule::{Rule, Settings};

/// What text that is not a file is called in errors.
const UNNAMED: &str = "<text>";

/// How telemetry behaves: the `[telemetry]` table.
///
/// ```
/// use gambeson::Config;
///
/// let config = Config::parse("[telemetry.shutdown]\ndeadline = \"2s\"")?;
/// assert_eq!(config.shutdown.deadline.as_secs(), 2);
///
/// let error = Config::parse("[telemetry]\ndebgu = true").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "<text>:2:1: unknown key `debgu` in [telemetry]; did you mean `debug`?",
/// );
/// # Ok::<(), gambeson::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent settings, named in the file"
)]
#[non_exhaustive]
pub struct Config {
    /// Whether events are emitted at all.
    pub enabled: bool,
    /// Whether failures are contained. If not, they are recorded and then raised again.
    pub defensive_mode: bool,
    /// Whether shutdown drains. If not, handlers are detached at once.
    pub graceful_shutdown: bool,
    /// Whether skips are logged.
    pub debug: bool,
    /// How shutdown is bounded.
    pub shutdown: Shutdown,
    /// When a failing handler is quarantined, and for how long.
    pub quarantine: QuarantineLimits,
    /// How much the debug log may say.
    pub debug_log: DebugLog,
    /// Settings for some handlers and events, in order.
    pub rules: Vec<Rule>,
    warnings: Vec<String>,
}

/// The `[telemetry.shutdown]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shutdown {
    /// The total time that draining and detaching may take.
    pub deadline: Duration,
}

/// The `[telemetry.quarantine]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuarantineLimits {
    /// So many failures quarantine a handler; at least one.
    pub failures: u32,
    /// The time within which they are counted.
    pub within: Duration,
    /// The time until the first probe. It doubles with each failed one.
    pub cooldown: Duration,
    /// The longest time between probes. A longer `cooldown` is cut to it.
    pub max_cooldown: Duration,
}

/// The `[telemetry.debug_log]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DebugLog {
    /// So many records of a handler and a reason are written at once; at least one.
    pub burst: u32,
    /// So many more are written in a minute.
    pub per_minute: u32,
    /// A longer value is cut.
    pub max_value_bytes: usize,
    /// The keys whose values are never written.
    pub redact: Vec<KeyPattern>,
}

impl Config {
    /// Reads a TOML file, and the process's environment on top of it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is not a regular file, is larger than 128 KiB, is not UTF-8 or
    /// not TOML, or when it or the environment holds a value that is wrong or, in the file, a key
    /// that does not exist.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let text = file::read(path)?;
        document::parse(&file::Source::new(path, &text)?)?.overlay(env::of_process()?)
    }

    /// Reads TOML text, without the environment. Errors call it `<text>`.
    ///
    /// # Errors
    ///
    /// When the text is not TOML, or holds a key that does not exist or a value that is wrong.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        document::parse(&file::Source::new(Path::new(UNNAMED), text)?)
    }

    /// Reads the process's environment over the defaults.
    ///
    /// # Errors
    ///
    /// When a variable holds a value that is wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::default().overlay(env::of_process()?)
    }

    /// Puts environment variables on top, of which only those named `GAMBESON_..` are looked at.
    ///
    /// One that sets nothing is told by [`warnings`](Self::warnings).
    ///
    /// # Errors
    ///
    /// When a variable holds a value that is wrong.
    pub fn overlay(
        self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        env::overlay(self, variables)
    }

    /// What is to be told but does not forbid a start, one sentence each.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Sets [`Config::enabled`].
    #[must_use]
    pub fn with_enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Sets [`Config::defensive_mode`].
    #[must_use]
    pub fn with_defensive_mode(mut self, defensive: bool) -> Self {
        self.defensive_mode = defensive;
        self
    }

    /// Sets [`Config::graceful_shutdown`].
    #[must_use]
    pub fn with_graceful_shutdown(mut self, graceful: bool) -> Self {
        self.graceful_shutdown = graceful;
        self
    }

    /// Sets [`Config::debug`].
    #[must_use]
    pub fn with_debug(mut self, debug: bool) -> Self {
        self.debug = debug;
        self
    }

    /// Sets [`Shutdown::deadline`].
    #[must_use]
    pub fn with_shutdown_deadline(mut self, deadline: Duration) -> Self {
        self.shutdown.deadline = deadline;
        self
    }

    /// Sets [`QuarantineLimits::failures`] and [`QuarantineLimits::within`].
    #[must_use]
    pub fn with_quarantine_after(mut self, failures: u32, within: Duration) -> Self {
        self.quarantine.failures = failures;
        self.quarantine.within = within;
        self
    }

    /// Sets [`QuarantineLimits::cooldown`] and [`QuarantineLimits::max_cooldown`].
    #[must_use]
    pub fn with_cooldown(mut self, first: Duration, longest: Duration) -> Self {
        self.quarantine.cooldown = first;
        self.quarantine.max_cooldown = longest;
        self
    }

    /// Sets [`DebugLog::burst`] and [`DebugLog::per_minute`].
    #[must_use]
    pub fn with_debug_log_rate(mut self, burst: u32, per_minute: u32) -> Self {
        self.debug_log.burst = burst;
        self.debug_log.per_minute = per_minute;
        self
    }

    /// Adds a pattern to [`DebugLog::redact`].
    #[must_use]
    pub fn with_redacted(mut self, pattern: KeyPattern) -> Self {
        self.debug_log.redact.push(pattern);
        self
    }

    /// Adds a rule after those that are there, so that it wins over them.
    #[must_use]
    pub fn with_rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }
}

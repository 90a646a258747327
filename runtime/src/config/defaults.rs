//! Every default of the configuration.

use std::time::Duration;

use super::{Config, DebugLog, QuarantineLimits, Settings, Shutdown};

impl Default for Config {
    fn default() -> Self {
        Self {
            enabled: true,
            defensive_mode: true,
            graceful_shutdown: true,
            debug: false,
            shutdown: Shutdown::default(),
            quarantine: QuarantineLimits::default(),
            debug_log: DebugLog::default(),
            rules: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

impl Default for Shutdown {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(5),
        }
    }
}

impl Default for QuarantineLimits {
    fn default() -> Self {
        Self {
            failures: 5,
            within: Duration::from_secs(10),
            cooldown: Duration::from_secs(1),
            max_cooldown: Duration::from_secs(60),
        }
    }
}

impl Default for DebugLog {
    fn default() -> Self {
        Self {
            burst: 5,
            per_minute: 60,
            max_value_bytes: 1024,
            redact: Vec::new(),
        }
    }
}

impl Settings {
    /// What holds for a handler that no rule names.
    pub(super) fn of(config: &Config) -> Self {
        Self {
            debug: config.debug,
            enabled: config.enabled,
            sample: 1.0,
            budget: None,
            quarantine: None,
        }
    }
}

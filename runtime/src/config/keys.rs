//! The keys that exist: one list for the file, the environment and the suggestions.

use std::time::Duration;

use super::slot::Slot;
use super::{Config, Rule};

/// The key of the array of tables that holds the rules, and its dotted name.
pub(super) const RULE: &str = "rule";
pub(super) const RULES: &str = "telemetry.rule";

/// A table of the file.
pub(super) struct Table {
    /// Its dotted name.
    pub(super) name: &'static str,
    pub(super) keys: &'static [Key<Config>],
}

/// A key, and the place of its value in a `T`.
pub(super) struct Key<T> {
    pub(super) name: &'static str,
    pub(super) slot: for<'a> fn(&'a mut T) -> Slot<'a>,
}

const fn key<T>(name: &'static str, slot: for<'a> fn(&'a mut T) -> Slot<'a>) -> Key<T> {
    Key { name, slot }
}

pub(super) static TELEMETRY: Table = Table {
    name: "telemetry",
    keys: &[
        key("enabled", |config| Slot::Switch(&mut config.enabled)),
        key("defensive_mode", |config| {
            Slot::Switch(&mut config.defensive_mode)
        }),
        key("graceful_shutdown", |config| {
            Slot::Switch(&mut config.graceful_shutdown)
        }),
        key("debug", |config| Slot::Switch(&mut config.debug)),
    ],
};

/// The tables inside `[telemetry]`.
pub(super) static INNER: [Table; 3] = [
    Table {
        name: "telemetry.shutdown",
        keys: &[key("deadline", |config| {
            time(&mut config.shutdown.deadline)
        })],
    },
    Table {
        name: "telemetry.quarantine",
        keys: &[
            key("failures", |config| {
                count(&mut config.quarantine.failures, 1)
            }),
            key("within", |config| {
                positive_time(&mut config.quarantine.within)
            }),
            key("cooldown", |config| time(&mut config.quarantine.cooldown)),
            key("max_cooldown", |config| {
                time(&mut config.quarantine.max_cooldown)
            }),
        ],
    },
    Table {
        name: "telemetry.debug_log",
        keys: &[
            // The first occurrence is always shown.
            key("burst", |config| count(&mut config.debug_log.burst, 1)),
            key("per_minute", |config| {
                count(&mut config.debug_log.per_minute, 0)
            }),
            key("max_value_bytes", |config| {
                Slot::Bytes(&mut config.debug_log.max_value_bytes)
            }),
            key("redact", |config| Slot::Keys(&mut config.debug_log.redact)),
        ],
    },
];

/// The keys of a rule. A refused value refuses the file, so a slot may be filled before it is read.
pub(super) static RULE_KEYS: [Key<Rule>; 7] = [
    key("handler", |rule| Slot::Handler(&mut rule.handler)),
    key("event", |rule| Slot::Event(&mut rule.event)),
    key("debug", |rule| {
        Slot::Switch(rule.debug.get_or_insert_default())
    }),
    key("enabled", |rule| {
        Slot::Switch(rule.enabled.get_or_insert_default())
    }),
    key("sample", |rule| {
        Slot::Share(rule.sample.get_or_insert_default())
    }),
    key("budget", |rule| time(rule.budget.get_or_insert_default())),
    key("quarantine", |rule| {
        Slot::Switch(rule.quarantine.get_or_insert_default())
    }),
];

/// Every table whose keys can also be given in the environment.
pub(super) fn tables() -> impl Iterator<Item = &'static Table> {
    std::iter::once(&TELEMETRY).chain(&INNER)
}

/// The table to which a key belongs, wherever it was written.
pub(super) fn home(name: &str) -> Option<&'static str> {
    let table = tables().find(|table| table.keys.iter().any(|key| key.name == name));
    table.map(|table| table.name).or_else(|| {
        RULE_KEYS
            .iter()
            .any(|key| key.name == name)
            .then_some(RULES)
    })
}

impl Table {
    /// The last segment of the name.
    pub(super) fn short_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }
}

fn count(into: &mut u32, least: u32) -> Slot<'_> {
    Slot::Count { into, least }
}

fn time(into: &mut Duration) -> Slot<'_> {
    Slot::Time {
        into,
        least: Duration::ZERO,
    }
}

fn positive_time(into: &mut Duration) -> Slot<'_> {
    Slot::Time {
        into,
        least: Duration::from_nanos(1),
    }
}

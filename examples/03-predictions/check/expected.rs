//! What a file must give, counted from its JSON without handlers, patterns or events.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::rules;
use crate::{handlers::PROVIDERS, input::MAX_LINE};

/// The numbers that a file must give.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    pub(crate) events: u64,
    pub(crate) malformed: usize,
    pub(crate) series: BTreeMap<String, f64>,
    pub(crate) handled: BTreeMap<&'static str, u64>,
    pub(crate) skipped: BTreeMap<&'static str, u64>,
}

impl Expected {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut expected = Expected::default();
        for line in bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
            if line.is_empty() {
                continue;
            }
            match Line::read(line) {
                Some(line) => {
                    expected.events += 1;
                    rules::apply(&line, &mut expected);
                }
                None => expected.malformed += 1,
            }
        }
        expected
    }

    /// The handler adds the amount to the series; without an amount it skips.
    pub(super) fn add(&mut self, handler: &'static str, series: Option<String>, by: Option<f64>) {
        let Some((series, by)) = self.both(handler, series, by) else {
            return;
        };
        *self.series.entry(series).or_default() += by;
    }

    /// The handler puts the value into the histogram; without a value it skips.
    pub(super) fn put(&mut self, handler: &'static str, series: Option<String>, at: Option<f64>) {
        let Some((series, at)) = self.both(handler, series, at) else {
            return;
        };
        *self.series.entry(format!("{series} count")).or_default() += 1.0;
        *self.series.entry(format!("{series} sum")).or_default() += at;
    }

    /// The handler raises the gauge to the value; without a value it skips.
    pub(super) fn raise(&mut self, handler: &'static str, series: String, to: Option<f64>) {
        let Some((series, to)) = self.both(handler, Some(series), to) else {
            return;
        };
        let best = self.series.entry(series).or_insert(to);
        *best = best.max(to);
    }

    /// The handler handles the event and changes no series.
    pub(super) fn pass(&mut self, handler: &'static str) {
        *self.handled.entry(handler).or_default() += 1;
    }

    fn both(
        &mut self,
        handler: &'static str,
        series: Option<String>,
        amount: Option<f64>,
    ) -> Option<(String, f64)> {
        let both = series.zip(amount);
        let tally = if both.is_some() {
            &mut self.handled
        } else {
            &mut self.skipped
        };
        *tally.entry(handler).or_default() += 1;
        both
    }
}

/// A line that is an event.
pub(super) struct Line(Json);

impl Line {
    fn read(line: &[u8]) -> Option<Self> {
        const KEYS: [&str; 4] = ["event", "measurements", "metadata", "at"];
        let text = std::str::from_utf8(line)
            .ok()
            .filter(|_| line.len() <= MAX_LINE)?;
        let json: Json = serde_json::from_str(text).ok()?;
        let keys_are_known = json
            .as_object()?
            .keys()
            .all(|key| KEYS.contains(&key.as_str()));
        let tables_are_flat = ["measurements", "metadata"].iter().all(|table| {
            json.get(table).is_none_or(|table| {
                table
                    .as_object()
                    .is_some_and(|table| !table.values().any(|v| v.is_array() || v.is_object()))
            })
        });
        let name_is_one = json["event"].as_str()?.split('.').all(|segment| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            !segment.is_empty() && segment.chars().all(allowed)
        });
        (keys_are_known && tables_are_flat && name_is_one).then_some(Line(json))
    }

    pub(super) fn segments(&self) -> Vec<&str> {
        self.0["event"]
            .as_str()
            .unwrap_or_default()
            .split('.')
            .collect()
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        let number = |table: &str| self.0[table][key].as_f64();
        number("measurements").or_else(|| number("metadata"))
    }

    /// The number, if it is not negative.
    pub(super) fn amount(&self, key: &str) -> Option<f64> {
        self.number(key).filter(|number| *number >= 0.0)
    }

    /// The number, if it is between 0 and 1.
    pub(super) fn share(&self, key: &str) -> Option<f64> {
        self.amount(key).filter(|number| *number <= 1.0)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.0["metadata"][key].as_str()
    }

    pub(super) fn success(&self) -> Option<bool> {
        self.0["metadata"]["success"].as_bool()
    }

    /// `metric{provider}`.
    pub(super) fn by_provider(&self, metric: &str) -> Option<String> {
        let provider = self.text("provider")?;
        let label = if PROVIDERS.contains(&provider) {
            provider
        } else {
            "other"
        };
        Some(format!("{metric}{{{label}}}"))
    }
}

//! Whether the numbers are right: counted again from the file, by other means.

mod expected;
mod rules;

use std::{collections::BTreeMap, fmt};

use gambeson::{Report, SkipReason};

pub(crate) use self::expected::Expected;
use crate::{metrics::Snapshot, replay::Replay, table::name};

/// Everything that was compared.
#[derive(Debug)]
pub(crate) struct Check {
    compared: usize,
    wrong: Vec<String>,
}

impl Check {
    /// Compares what the handlers made of the file with what the file says.
    pub(crate) fn new(bytes: &[u8], replay: &Replay, metrics: &Snapshot, report: &Report) -> Self {
        let expected = Expected::of(bytes);
        let mut check = Check {
            compared: 0,
            wrong: Vec::new(),
        };
        check.same("events emitted", &replay.emitted, &expected.events);
        check.same(
            "malformed lines",
            &replay.malformed.total,
            &expected.malformed,
        );
        check.series(&expected.series, &flat(metrics));
        check.handlers(&expected, report);
        check
    }

    pub(crate) fn passed(&self) -> bool {
        self.wrong.is_empty()
    }

    /// What differs, one sentence each.
    #[cfg(test)]
    pub(crate) fn wrong(&self) -> &[String] {
        &self.wrong
    }

    fn same<T: PartialEq + fmt::Display>(&mut self, what: &str, seen: &T, expected: &T) {
        self.compared += 1;
        if seen != expected {
            self.wrong
                .push(format!("{what}: {seen}, but the file says {expected}"));
        }
    }

    fn series(&mut self, expected: &BTreeMap<String, f64>, seen: &BTreeMap<String, f64>) {
        let names = expected.keys().chain(seen.keys());
        let mut names: Vec<&String> = names.collect();
        names.sort();
        names.dedup();
        for name in names {
            let of = |table: &BTreeMap<String, f64>| table.get(name).copied();
            let rounded = |value: Option<f64>| {
                value.map_or("nothing".to_owned(), |value| format!("{value:.9}"))
            };
            self.same(name, &rounded(of(seen)), &rounded(of(expected)));
        }
    }

    /// Each handler handled or skipped every event that it matched, each for the right reason.
    fn handlers(&mut self, expected: &Expected, report: &Report) {
        for handler in &report.handlers {
            let name = handler.name.rsplit("::").next().unwrap_or_default();
            let of = |table: &BTreeMap<&str, u64>| table.get(name).copied().unwrap_or(0);
            let (handled, skipped) = (of(&expected.handled), of(&expected.skipped));
            let what = |what| format!("{name} {what}");
            self.same(&what("matched"), &handler.matched, &(handled + skipped));
            self.same(&what("handled"), &handler.handled, &handled);
            let violations = handler.skipped(SkipReason::ContractViolation);
            self.same(&what("contract violations"), &violations, &skipped);
            self.same(&what("conserved"), &handler.is_conserved(), &true);
        }
        let names = expected.handled.keys().chain(expected.skipped.keys());
        for name in names.filter(|name| report.handler(name).is_none()) {
            self.wrong.push(format!("{name} is not in the report"));
        }
    }
}

/// Every series as plain numbers; a histogram is its count and its sum.
fn flat(metrics: &Snapshot) -> BTreeMap<String, f64> {
    let plain = metrics.counters.iter().chain(&metrics.gauges);
    let mut flat: BTreeMap<String, f64> = plain
        .map(|(series, value)| (name(*series), *value))
        .collect();
    for (series, histogram) in &metrics.histograms {
        let name = name(*series);
        #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        flat.insert(format!("{name} count"), histogram.count() as f64);
        flat.insert(format!("{name} sum"), histogram.sum());
    }
    flat
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for wrong in &self.wrong {
            writeln!(f, "WRONG: {wrong}")?;
        }
        let right = self.compared.saturating_sub(self.wrong.len());
        writeln!(
            f,
            "checked against the file: {right} of {} numbers agree",
            self.compared
        )
    }
}

//! The store: counters, gauges and histograms, each series a name and a label.

mod histogram;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

pub(crate) use self::histogram::{Bounds, Histogram, SECONDS, SHARES};

/// A metric's name and its label. Both come from closed sets, so that no input can grow the
/// store without limit.
pub(crate) type Series = (&'static str, &'static str);

/// The metrics of a run, shared by all handlers.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    tables: Mutex<Snapshot>,
}

/// What the metrics are at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) counters: BTreeMap<Series, f64>,
    pub(crate) gauges: BTreeMap<Series, f64>,
    pub(crate) histograms: BTreeMap<Series, Histogram>,
}

impl Metrics {
    /// Adds one to a counter.
    pub(crate) fn count(&self, metric: &'static str, label: &'static str) {
        self.add(metric, label, 1.0);
    }

    /// Adds to a counter.
    pub(crate) fn add(&self, metric: &'static str, label: &'static str, amount: f64) {
        *self.lock().counters.entry((metric, label)).or_default() += amount;
    }

    /// Moves a gauge up, or down by a negative step.
    pub(crate) fn shift(&self, metric: &'static str, label: &'static str, step: f64) {
        *self.lock().gauges.entry((metric, label)).or_default() += step;
    }

    /// Sets a gauge to the value if it was lower, or was not there.
    pub(crate) fn raise(&self, metric: &'static str, label: &'static str, value: f64) {
        let mut tables = self.lock();
        let gauge = tables.gauges.entry((metric, label)).or_insert(value);
        *gauge = gauge.max(value);
    }

    /// Puts a value into a histogram; the first value of a series decides its bounds.
    pub(crate) fn observe(
        &self,
        metric: &'static str,
        label: &'static str,
        bounds: Bounds,
        value: f64,
    ) {
        self.lock()
            .histograms
            .entry((metric, label))
            .or_insert_with(|| Histogram::new(bounds))
            .observe(value);
    }

    /// A copy of everything.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.lock().clone()
    }

    /// Every change is a single step, so a poisoned lock still guards whole values.
    fn lock(&self) -> MutexGuard<'_, Snapshot> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

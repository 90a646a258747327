#![allow(
    clippy::float_cmp,
    reason = "the values are exact in binary, or only compared with themselves"
)]

use std::{panic, thread};

use super::{Histogram, Metrics, SECONDS, SHARES};

#[test]
fn a_series_is_a_name_and_a_label() {
    let metrics = Metrics::default();
    metrics.count("predictions", "success");
    metrics.count("predictions", "success");
    metrics.add("predictions", "failure", 0.5);
    let counters = metrics.snapshot().counters;
    assert_eq!(
        counters.into_iter().collect::<Vec<_>>(),
        [
            (("predictions", "failure"), 0.5),
            (("predictions", "success"), 2.0)
        ]
    );
}

#[test]
fn a_gauge_moves_both_ways_and_a_raise_never_lowers() {
    let metrics = Metrics::default();
    metrics.shift("in_flight", "openai", 1.0);
    metrics.shift("in_flight", "openai", 1.0);
    metrics.shift("in_flight", "openai", -1.0);
    for value in [-0.5, -0.2, -0.9] {
        metrics.raise("best", "trial", value);
    }
    let gauges = metrics.snapshot().gauges;
    assert_eq!(gauges[&("in_flight", "openai")], 1.0);
    assert_eq!(gauges[&("best", "trial")], -0.2);
}

#[test]
fn a_value_on_a_bound_belongs_to_its_bucket() {
    let mut histogram = Histogram::new(SHARES);
    histogram.observe(0.5);
    assert_eq!(histogram.percentile(50), Some(0.5));
    histogram.observe(0.500_001);
    assert_eq!(histogram.percentile(100), Some(0.6));
    assert_eq!(histogram.count(), 2);
}

#[test]
fn values_above_all_bounds_are_counted_too() {
    let mut histogram = Histogram::new(SECONDS);
    for value in [0.0, 1.0, 5_000.0] {
        histogram.observe(value);
    }
    assert_eq!(histogram.count(), 3);
    assert_eq!(histogram.sum(), 5_001.0);
    assert_eq!(histogram.mean(), Some(1_667.0));
    assert_eq!(histogram.percentile(50), Some(1.0));
    assert_eq!(histogram.percentile(95), Some(f64::INFINITY));
}

#[test]
fn an_empty_histogram_has_no_mean_and_no_percentile() {
    let histogram = Histogram::new(SECONDS);
    assert_eq!(histogram.mean(), None);
    assert_eq!(histogram.percentile(50), None);
}

#[test]
fn concurrent_changes_are_all_counted() {
    let metrics = Metrics::default();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1_000).for_each(|_| metrics.observe("s", "", SECONDS, 1.0)));
        }
    });
    assert_eq!(metrics.snapshot().histograms[&("s", "")].count(), 4_000);
}

#[test]
fn a_poisoned_lock_still_counts() {
    let metrics = Metrics::default();
    let poisoned = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        let _held = metrics.tables.lock();
        panic!("while the lock is held");
    }));
    assert!(poisoned.is_err() && metrics.tables.is_poisoned());
    metrics.count("predictions", "success");
    assert_eq!(
        metrics.snapshot().counters[&("predictions", "success")],
        1.0
    );
}

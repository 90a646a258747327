//! A histogram with fixed buckets.

/// The upper bounds of a histogram's buckets, ascending; one more bucket takes what is above.
pub(crate) type Bounds = &'static [f64];

/// Bounds for durations in seconds: from a cached answer to a long optimization.
pub(crate) const SECONDS: Bounds = &[
    0.001, 0.005, 0.02, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0,
];

/// Bounds for shares between 0 and 1.
pub(crate) const SHARES: Bounds = &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// How often values fell into each bucket, and their sum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Histogram {
    bounds: Bounds,
    buckets: Vec<u64>,
    sum: f64,
}

impl Histogram {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Histogram {
            bounds,
            buckets: vec![0; bounds.len() + 1],
            sum: 0.0,
        }
    }

    /// Counts a value in the first bucket whose bound is not below it.
    pub(crate) fn observe(&mut self, value: f64) {
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        self.buckets[bucket] += 1;
        self.sum += value;
    }

    /// How many values there are.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// The sum of the values.
    pub(crate) fn sum(&self) -> f64 {
        self.sum
    }

    /// The mean of the values; `None` where there is none.
    #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub(crate) fn mean(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.sum / count as f64)
    }

    /// The bound below or at which this percentage of the values lies: infinite where that takes
    /// the last bucket, `None` where there is no value.
    pub(crate) fn percentile(&self, percent: u64) -> Option<f64> {
        let rank = (self.count() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let bucket = self.buckets.iter().position(|values| {
            seen += values;
            seen >= rank
        })?;
        Some(self.bounds.get(bucket).copied().unwrap_or(f64::INFINITY))
    }
}

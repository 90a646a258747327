//! Which events are in a sample.

/// Whether the event of this number is in the sample: evenly spread, exactly the rate.
#[allow(
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "whole numbers far below 2^53"
)]
pub(super) fn is_sampled(number: u64, rate: f64) -> bool {
    rate >= 1.0 || (number as f64 * rate).floor() != ((number + 1) as f64 * rate).floor()
}

#[cfg(test)]
mod tests {
    use super::is_sampled;

    #[test]
    fn a_sample_is_exact_and_spread() {
        let taken: Vec<u64> = (0..40).filter(|number| is_sampled(*number, 0.1)).collect();
        assert_eq!(taken, [9, 19, 29, 39]);
        assert_eq!(
            (0..1000).filter(|number| is_sampled(*number, 0.0)).count(),
            0
        );
        assert_eq!(
            (0..1000).filter(|number| is_sampled(*number, 1.0)).count(),
            1000
        );
    }
}

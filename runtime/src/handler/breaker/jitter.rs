//! Handlers that failed together do not come back together.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use super::Breaker;

/// By how much a cooldown is shortened at the most: a quarter.
const SHARE: u32 = 4;

/// A cooldown, shortened by a random part of up to a quarter.
pub(super) fn jittered(cooldown: Duration, breaker: &Breaker) -> Duration {
    shortened(
        cooldown,
        RandomState::new().hash_one(std::ptr::from_ref(breaker).addr()),
    )
}

fn shortened(cooldown: Duration, random: u64) -> Duration {
    let most = cooldown / SHARE;
    let parts = u32::MAX;
    let part = u32::try_from(random >> 32).unwrap_or(parts);
    // Seconds by themselves, so that nothing of the longest cooldown overflows.
    let seconds = u64::from(part) * (most.as_secs() / u64::from(parts));
    let rest = Duration::new(most.as_secs() % u64::from(parts), most.subsec_nanos());
    let rest = rest.as_nanos() * u128::from(part) / u128::from(parts);
    let rest = u64::try_from(rest).map_or(Duration::MAX, Duration::from_nanos);
    cooldown.saturating_sub(Duration::from_secs(seconds).saturating_add(rest))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const COOLDOWN: Duration = Duration::from_secs(1);

    #[test]
    fn a_cooldown_is_shortened_by_a_quarter_at_the_most() {
        assert_eq!(shortened(COOLDOWN, 0), COOLDOWN);
        assert_eq!(shortened(COOLDOWN, u64::MAX), COOLDOWN * 3 / 4);
        assert_eq!(shortened(Duration::ZERO, u64::MAX), Duration::ZERO);
        let longest = shortened(Duration::MAX, u64::MAX);
        assert!((Duration::MAX / 4 * 3..=Duration::MAX / 4 * 3 + COOLDOWN).contains(&longest));
    }

    /// Of a hundred handlers that failed together hardly two come back at one time, and some in each
    /// quarter of the quarter second.
    #[test]
    fn handlers_that_failed_together_come_back_one_by_one() {
        let breakers: Vec<_> = (0..100).map(|_| Breaker::new()).collect();
        let lasts = breakers.iter().map(|breaker| jittered(COOLDOWN, breaker));
        let lasts: BTreeSet<Duration> = lasts.collect();
        assert!(lasts.len() > 90, "{lasts:?}");
        let quarter = COOLDOWN / 16;
        for part in 0..4 {
            let from = COOLDOWN * 3 / 4 + quarter * part;
            let mut there = lasts.range(from..from + quarter);
            assert!(there.next().is_some(), "none in quarter {part}");
        }
    }
}

//! When a resource that died is opened again.

use std::{
    collections::VecDeque,
    hash::BuildHasher,
    time::{Duration, Instant},
};

/// How a resource with an opener comes back by itself.
///
/// After a death the opener is tried at once to within a jittered delay, which doubles with each
/// try that fails until it is the longest. It is tried for as long as it fails. One that opens
/// well and dies again and again is given up once it has been restarted too often: then it stays
/// down until it is [started](crate::Resource::ensure_started) or provided by hand.
///
/// ```
/// use std::time::Duration;
/// use gambeson::{Resource, Restart};
///
/// static LEDGER: Resource<u32> = Resource::with_opener("ledger", || Ok::<_, std::io::Error>(7))
///     .restart(
///         Restart::new()
///             .backoff(Duration::from_millis(50), Duration::from_secs(5))
///             .at_most(3, Duration::from_secs(60)),
///     );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restart {
    pub(super) by_itself: bool,
    first: Duration,
    longest: Duration,
    ceiling: u32,
    within: Duration,
}

impl Restart {
    /// After 10 ms, then up to every 10 s, and for at most 5 restarts in 10 s.
    pub const fn new() -> Self {
        Restart {
            by_itself: true,
            first: Duration::from_millis(10),
            longest: Duration::from_secs(10),
            ceiling: 5,
            within: Duration::from_secs(10),
        }
    }

    /// Only when it is asked for.
    pub const fn never() -> Self {
        Restart {
            by_itself: false,
            ..Restart::new()
        }
    }

    /// How long to wait before the first try, and before any: the delay doubles between. Each is
    /// shortened by up to a half at random, so that those who failed together do not come back
    /// together. After a try that failed it is a millisecond at least.
    #[must_use]
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// How often it may come back and die again within a time. Deaths with what it needs are not
    /// counted.
    #[must_use]
    pub const fn at_most(mut self, restarts: u32, within: Duration) -> Self {
        self.ceiling = restarts;
        self.within = within;
        self
    }

    /// The delay before a try, after this many that failed.
    pub(super) fn delay(&self, failures: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failures).unwrap_or(u32::MAX);
        let whole = self.first.saturating_mul(doubled).min(self.longest);
        let random = std::hash::RandomState::new().hash_one(failures);
        let share = u32::try_from(random % 500).unwrap_or(0);
        whole.saturating_sub(whole / 1000 * share)
    }
}

impl Default for Restart {
    fn default() -> Self {
        Restart::new()
    }
}

/// The restarts of late.
#[derive(Debug)]
pub(super) struct Restarts(VecDeque<Instant>);

impl Restarts {
    pub(super) const fn none() -> Self {
        Restarts(VecDeque::new())
    }

    /// Forgets them: somebody looks after the resource.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts one more, if the policy has room for it.
    pub(super) fn count(&mut self, policy: &Restart, now: Instant) -> Result<(), GaveUp> {
        while let Some(&earliest) = self.0.front()
            && now.saturating_duration_since(earliest) >= policy.within
        {
            self.0.pop_front();
        }
        let restarts = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        if restarts >= policy.ceiling {
            return Err(GaveUp {
                restarts,
                within: policy.within,
            });
        }
        self.0.push_back(now);
        Ok(())
    }
}

/// It was restarted too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GaveUp {
    pub(super) restarts: u32,
    pub(super) within: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_the_longest_and_is_shortened_by_a_half_at_most() {
        let policy = Restart::new().backoff(Duration::from_millis(10), Duration::from_millis(70));
        for (failures, whole) in [(0, 10), (1, 20), (2, 40), (3, 70), (4, 70), (400, 70)] {
            let delay = policy.delay(failures);
            let whole = Duration::from_millis(whole);
            assert!(
                delay <= whole && delay >= whole / 2,
                "{failures}: {delay:?}"
            );
        }
    }

    #[test]
    fn delays_are_not_all_the_same() {
        let policy = Restart::new().backoff(Duration::from_secs(1), Duration::from_secs(1));
        let first = policy.delay(0);
        assert!((0..100).any(|_| policy.delay(0) != first));
    }

    #[test]
    fn the_ceiling_counts_those_within_the_time() {
        let policy = Restart::new().at_most(2, Duration::from_secs(10));
        let mut restarts = Restarts::none();
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert_eq!(restarts.count(&policy, at(0)), Ok(()));
        assert_eq!(restarts.count(&policy, at(4)), Ok(()));
        let gave_up = GaveUp {
            restarts: 2,
            within: Duration::from_secs(10),
        };
        assert_eq!(restarts.count(&policy, at(9)), Err(gave_up));
        assert_eq!(restarts.count(&policy, at(10)), Ok(()), "the first is over");
        assert_eq!(restarts.count(&policy, at(13)), Err(gave_up));
        restarts.clear();
        assert_eq!(restarts.count(&policy, at(13)), Ok(()));
    }
}

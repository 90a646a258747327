//! One deadline, shared out among the stages of a shutdown.

use std::time::{Duration, Instant};

/// What is left of a deadline, and for how many stages. Times are since its start.
#[derive(Debug)]
pub(super) struct Budget {
    started: Instant,
    total: Duration,
    stages: u32,
}

impl Budget {
    pub(super) fn of(total: Duration, stages: usize) -> Self {
        let mut budget = Budget {
            started: Instant::now(),
            total,
            stages: 0,
        };
        budget.leave_to(stages);
        budget
    }

    pub(super) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// How long until a time, which may be past.
    pub(super) fn until(&self, time: Duration) -> Duration {
        time.saturating_sub(self.now())
    }

    /// When the whole of it is used up.
    pub(super) fn end(&self) -> Duration {
        self.total
    }

    /// Leaves what is left to so many stages.
    pub(super) fn leave_to(&mut self, stages: usize) {
        self.stages = u32::try_from(stages).unwrap_or(u32::MAX);
    }

    /// Begins a stage, and says when its share ends: what is left, by the stages that are left.
    pub(super) fn next_share(&mut self) -> Duration {
        let now = self.now();
        let share = self.total.saturating_sub(now) / self.stages.max(1);
        self.stages = self.stages.saturating_sub(1);
        now.saturating_add(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_time_is_for_the_later_ones() {
        let mut budget = Budget::of(Duration::from_secs(4000), 4);
        let mut shares = (0..4).map(|_| budget.next_share().as_secs());
        // No stage takes any time here: each finds the whole deadline, by one stage less.
        assert_eq!(shares.next(), Some(1000));
        assert_eq!(shares.next(), Some(1333));
        assert_eq!(shares.next(), Some(2000));
        assert!(matches!(shares.next(), Some(3999 | 4000)));
    }

    #[test]
    fn without_time_every_share_is_over() {
        let mut budget = Budget::of(Duration::ZERO, 1);
        let share = budget.next_share();
        assert_eq!(budget.until(share), Duration::ZERO);
    }

    #[test]
    fn a_deadline_without_end_is_no_overflow() {
        let mut budget = Budget::of(Duration::MAX, 0);
        assert_eq!(budget.next_share(), Duration::MAX);
    }
}

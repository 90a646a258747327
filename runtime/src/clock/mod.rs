//! The time: precise, coarse for those who ask often, and driven by tests.

mod driven;

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

pub use self::driven::Clock;

/// How far [`coarse`] lags behind in practice: two ticks of the slowest system timer.
pub(crate) const LAG: Duration = Duration::from_millis(20);

/// Nanoseconds since some moment. It never goes back, and costs a quarter of
/// [`Instant::now`](std::time::Instant::now).
#[cfg(all(target_os = "linux", not(miri)))]
#[inline]
pub(crate) fn coarse() -> u64 {
    use rustix::time::{ClockId, clock_gettime};
    let now = clock_gettime(ClockId::MonotonicCoarse);
    now.tv_sec.cast_unsigned() * 1_000_000_000 + now.tv_nsec.cast_unsigned()
}

/// Nanoseconds since some moment.
#[cfg(not(all(target_os = "linux", not(miri))))]
pub(crate) fn coarse() -> u64 {
    nanos(since_start())
}

/// Nanoseconds, or the most that can be counted.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// How much time has passed, on this clock or else the system's, since a moment that stays.
pub(crate) fn elapsed(clock: Option<&Clock>) -> Duration {
    clock.map_or_else(since_start, Clock::elapsed)
}

fn since_start() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// A moment on the system's clock, or on one that a test drives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) at: Instant,
    is_driven: bool,
}

impl Moment {
    /// This moment on a clock, or else the system's.
    pub(crate) fn now(clock: Option<&Clock>) -> Self {
        Moment {
            at: clock.map_or_else(Instant::now, Clock::now),
            is_driven: clock.is_some(),
        }
    }

    /// So much later. What no clock reaches is as good as in a century.
    pub(crate) fn after(self, time: Duration) -> Instant {
        const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
        self.at
            .checked_add(time)
            .unwrap_or_else(|| self.at + CENTURY)
    }

    /// Until when, on the coarse clock, this much time has certainly not passed since. That clock
    /// knows nothing of one that is driven.
    pub(crate) fn certainly_within(self, time: Duration) -> u64 {
        if self.is_driven {
            return 0;
        }
        let coarse = coarse();
        // Whoever waited for a lock since is late.
        let left = time.saturating_sub(self.at.elapsed());
        coarse.saturating_add(nanos(left.saturating_sub(LAG)))
    }
}

#[cfg(test)]
impl From<Instant> for Moment {
    fn from(at: Instant) -> Self {
        Moment {
            at,
            is_driven: false,
        }
    }
}

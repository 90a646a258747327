//! A clock for those who ask often and need no precision.

use std::time::Duration;

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
    use std::{sync::OnceLock, time::Instant};
    static START: OnceLock<Instant> = OnceLock::new();
    nanos(START.get_or_init(Instant::now).elapsed())
}

/// Nanoseconds, or the most that can be counted.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

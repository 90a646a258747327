//! The circuit breaker that quarantines a failing handler and readmits it through a probe.
//!
//! ```text
//! closed --failures in a row--> open --cooldown--> half open --probe handled--> closed
//!                                 ^                    |
//!                                 +---- probe failed --+   (cooldown doubled, up to a ceiling)
//! ```

mod held;

use std::{
    sync::{
        MutexGuard,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use self::held::Held;
use crate::clock;

/// When the breaker opens and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) failures: u32,
    pub(crate) within: Duration,
    pub(crate) cooldown: Duration,
    pub(crate) max_cooldown: Duration,
}

/// Whether a call may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Admitted,
    /// The one call that finds out whether the handler works again.
    Probe,
    Refused,
}

/// What an ended call changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    None,
    Quarantined { cooldown: Duration },
    Readmitted,
}

#[derive(Debug)]
pub(crate) struct Breaker {
    /// Failures in a row, or [`TRIPPED`], and [`PAUSED`] and [`CLOSED`]: the only word that a
    /// call reads which goes well. Changed under the lock.
    heed: AtomicU32,
    /// Until when it stays open at the least, on the coarse clock. Changed under the lock.
    open_until: AtomicU64,
    state: Held<State>,
}

const PAUSED: u32 = 1 << 31;
const CLOSED: u32 = 1 << 30;
const TRIPPED: u32 = CLOSED - 1;

#[derive(Clone, Copy, Debug)]
enum State {
    Closed { since: Option<Instant> },
    Open { until: Instant, cooldown: Duration },
    HalfOpen { cooldown: Duration },
}

impl Limits {
    /// Whether any run of failures opens the breaker: the longest that it can count is a little
    /// shorter than what `failures` can say.
    pub(crate) fn can_be_reached(self) -> bool {
        self.failures < TRIPPED
    }
}

impl Breaker {
    pub(crate) fn new() -> Self {
        Breaker {
            heed: AtomicU32::new(0),
            open_until: AtomicU64::new(0),
            state: Held::new(State::Closed { since: None }),
        }
    }

    /// Whether the handler is quarantined, or on probation.
    pub(crate) fn is_tripped(&self) -> bool {
        self.streak() == TRIPPED
    }

    /// Whether nothing but an open breaker has to be looked at, and it stays open for longer than the
    /// coarse clock can be wrong.
    #[inline]
    pub(crate) fn stays_open(&self) -> bool {
        self.heed.load(Ordering::Acquire) == TRIPPED
            && self.open_until.load(Ordering::Relaxed) > clock::coarse()
    }

    /// Whether no pause, no quarantine, no run of failures and no end has to be looked at.
    #[inline]
    pub(crate) fn is_calm(&self) -> bool {
        self.heed.load(Ordering::Acquire) == 0
    }

    /// No call is calm any more: the handler's gate is closed.
    pub(crate) fn close(&self) {
        let _state = self.lock();
        self.heed.fetch_or(CLOSED, Ordering::SeqCst);
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.heed.load(Ordering::Relaxed) & PAUSED != 0
    }

    /// Lets no call through, or lets them through again.
    pub(crate) fn pause(&self, paused: bool) {
        let _state = self.lock();
        if paused {
            self.heed.fetch_or(PAUSED, Ordering::Relaxed);
        } else {
            self.heed.fetch_and(!PAUSED, Ordering::Relaxed);
        }
    }

    fn streak(&self) -> u32 {
        self.heed.load(Ordering::Relaxed) & TRIPPED
    }

    /// Only under the lock.
    fn set_streak(&self, streak: u32) {
        let others = self.heed.load(Ordering::Relaxed) & !TRIPPED;
        self.heed.store(streak | others, Ordering::Relaxed);
    }

    pub(crate) fn admit(&self, now: impl FnOnce() -> Instant) -> Admission {
        if !self.is_tripped() {
            return Admission::Admitted;
        }
        let mut state = self.lock();
        match *state {
            State::Closed { .. } => Admission::Admitted,
            State::Open { until, cooldown } if until <= now() => {
                *state = State::HalfOpen { cooldown };
                Admission::Probe
            }
            State::Open { .. } | State::HalfOpen { .. } => Admission::Refused,
        }
    }

    /// A call was handled.
    pub(crate) fn succeeded(&self, admission: Admission) -> Change {
        if admission == Admission::Probe {
            self.reset();
            return Change::Readmitted;
        }
        let streak = self.streak();
        if streak != 0 && streak != TRIPPED {
            let mut state = self.lock();
            if let State::Closed { since } = &mut *state {
                *since = None;
                self.set_streak(0);
            }
        }
        Change::None
    }

    /// A call failed in a way that counts.
    pub(crate) fn failed(&self, admission: Admission, limits: Limits, now: Instant) -> Change {
        let mut state = self.lock();
        match *state {
            State::HalfOpen { cooldown } if admission == Admission::Probe => {
                let cooldown = cooldown.saturating_mul(2).min(limits.max_cooldown);
                self.open(&mut state, cooldown, now)
            }
            State::Closed { since } => {
                let fresh = since.is_none_or(|since| now.duration_since(since) > limits.within);
                let streak = if fresh {
                    1
                } else {
                    (self.streak() + 1).min(TRIPPED - 1)
                };
                if streak >= limits.failures {
                    return self.open(&mut state, limits.cooldown, now);
                }
                self.set_streak(streak);
                if fresh {
                    *state = State::Closed { since: Some(now) };
                }
                Change::None
            }
            // A call that began before the breaker opened.
            State::Open { .. } | State::HalfOpen { .. } => Change::None,
        }
    }

    /// The probe ended without an answer: the next call is the probe.
    pub(crate) fn undecided(&self, admission: Admission, now: impl FnOnce() -> Instant) {
        if admission != Admission::Probe {
            return;
        }
        let mut state = self.lock();
        if let State::HalfOpen { cooldown } = *state {
            *state = State::Open {
                until: now(),
                cooldown,
            };
        }
    }

    /// Readmits the handler by hand.
    pub(crate) fn reset(&self) {
        let mut state = self.lock();
        *state = State::Closed { since: None };
        self.set_streak(0);
    }

    fn open(&self, state: &mut State, cooldown: Duration, now: Instant) -> Change {
        let lasts = jittered(cooldown, self);
        *state = State::Open {
            until: after(now, lasts),
            cooldown,
        };
        let coarse = clock::coarse();
        // Whoever waited for the lock is late.
        let left = lasts.saturating_sub(now.elapsed());
        let certain = clock::nanos(left.saturating_sub(clock::LAG));
        let open_until = coarse.saturating_add(certain);
        self.open_until.store(open_until, Ordering::Relaxed);
        self.set_streak(TRIPPED);
        Change::Quarantined { cooldown }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock(&|| {
            // In a child of a fork that cannot know what its parent was changing.
            self.set_streak(0);
            State::Closed { since: None }
        })
    }
}

/// Up to a tenth less, so that handlers that failed together do not come back together.
fn jittered(cooldown: Duration, breaker: &Breaker) -> Duration {
    use std::hash::BuildHasher;
    let random = std::hash::RandomState::new().hash_one(std::ptr::from_ref(breaker).addr());
    let share = u32::try_from(random % 100).unwrap_or(0);
    cooldown.saturating_sub(cooldown / 1000 * share)
}

/// A cooldown that no clock reaches is as good as a century.
fn after(now: Instant, cooldown: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
    now.checked_add(cooldown).unwrap_or_else(|| now + CENTURY)
}

#[cfg(test)]
mod tests;

//! The circuit breaker that quarantines a failing handler and readmits it through a probe.
//!
//! ```text
//! closed --failures in a row--> open --cooldown--> half open --probe handled--> closed
//!                                 ^                    |
//!                                 +---- probe failed --+   (cooldown doubled, up to a ceiling)
//! ```
//!
//! Somebody may open it by hand, from any state and for any time, and close it again.

mod changes;
mod jitter;
mod limits;

use std::time::{Duration, Instant};

use self::{changes::Outbox, jitter::jittered};
pub(crate) use self::{
    changes::{Change, Hearing},
    limits::Limits,
};
use crate::{
    clock::{self, Moment},
    hazard::{Mutation, is_broken},
    held::Held,
    sync::{AtomicU32, AtomicU64, MutexGuard, Ordering},
};

/// Whether a call may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Admitted,
    /// The one call that finds out whether the handler works again.
    Probe,
    Refused,
}

#[derive(Debug)]
pub(crate) struct Breaker {
    /// Failures in a row, or [`TRIPPED`], and [`PAUSED`], [`CLOSED`] and [`BY_HAND`]: the only word
    /// that a call reads which goes well. Changed under the lock.
    heed: AtomicU32,
    /// Until when it stays open at the least, on the coarse clock. Changed under the lock.
    open_until: AtomicU64,
    inner: Held<Inner>,
}

const PAUSED: u32 = 1 << 31;
const CLOSED: u32 = 1 << 30;
/// It was opened by hand, and so also for those calls that are never quarantined.
const BY_HAND: u32 = 1 << 29;
const TRIPPED: u32 = BY_HAND - 1;

#[derive(Debug, Default)]
struct Inner {
    state: State,
    outbox: Outbox,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Closed {
        since: Option<Instant>,
    },
    Open {
        until: Instant,
        /// Doubled where the probe fails; zero where it has not failed yet.
        cooldown: Duration,
    },
    HalfOpen {
        cooldown: Duration,
    },
}

impl Default for State {
    fn default() -> Self {
        State::Closed { since: None }
    }
}

impl Breaker {
    pub(crate) fn new() -> Self {
        Breaker {
            heed: AtomicU32::new(0),
            open_until: AtomicU64::new(0),
            inner: Held::new(Inner::default()),
        }
    }

    /// Whether the handler is quarantined, or on probation.
    pub(crate) fn is_tripped(&self) -> bool {
        self.streak() == TRIPPED
    }

    /// Whether it is quarantined because somebody said so.
    pub(crate) fn is_open_by_hand(&self) -> bool {
        self.heed.load(Ordering::Relaxed) & BY_HAND != 0
    }

    /// Whether nothing but an open breaker has to be looked at, and it stays open for longer than the
    /// coarse clock can be wrong.
    #[inline]
    pub(crate) fn stays_open(&self) -> bool {
        self.heed.load(Ordering::Acquire) | BY_HAND == TRIPPED | BY_HAND
            && self.open_until.load(Ordering::Relaxed) > clock::coarse()
    }

    /// Whether no pause, no quarantine, no run of failures and no end has to be looked at.
    #[inline]
    pub(crate) fn is_calm(&self) -> bool {
        self.heed.load(Ordering::Acquire) == 0
    }

    /// No call is calm any more: the handler's gate is closed.
    pub(crate) fn close(&self) {
        let _inner = self.lock();
        self.heed.fetch_or(CLOSED, Ordering::SeqCst);
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.heed.load(Ordering::Relaxed) & PAUSED != 0
    }

    /// Lets no call through, or lets them through again.
    pub(crate) fn pause(&self, paused: bool) {
        let _inner = self.lock();
        if paused {
            self.heed.fetch_or(PAUSED, Ordering::Relaxed);
        } else {
            self.heed.fetch_and(!PAUSED, Ordering::Relaxed);
        }
    }

    /// Asks for a call. One that is never quarantined is refused only by a breaker that was opened
    /// by hand, and is no probe: its failure would tell the breaker nothing.
    pub(crate) fn admit(
        &self,
        is_quarantinable: bool,
        hearing: Hearing,
        now: impl FnOnce() -> Moment,
    ) -> Admission {
        if !self.is_tripped() {
            return Admission::Admitted;
        }
        let mut inner = self.lock();
        let is_heeded = is_quarantinable || self.is_open_by_hand();
        match inner.state {
            State::Open { until, cooldown } if is_heeded => {
                if until > now().at {
                    return Admission::Refused;
                }
                if !is_quarantinable {
                    self.shut(&mut inner, hearing);
                    return Admission::Admitted;
                }
                if !is_broken(Mutation::ManyProbes) {
                    inner.state = State::HalfOpen { cooldown };
                }
                self.set_streak(TRIPPED);
                inner.outbox.post(Change::HalfOpen, hearing);
                Admission::Probe
            }
            State::HalfOpen { .. } if is_heeded => Admission::Refused,
            State::Closed { .. } | State::Open { .. } | State::HalfOpen { .. } => {
                Admission::Admitted
            }
        }
    }

    /// A call was handled. Returns whether there is [something to tell](Self::tell_changes).
    #[must_use]
    pub(crate) fn succeeded(&self, admission: Admission, hearing: Hearing) -> bool {
        if admission == Admission::Probe {
            let mut inner = self.lock();
            // Otherwise somebody has opened or closed it by hand while the probe ran.
            let is_half_open = matches!(inner.state, State::HalfOpen { .. });
            if is_half_open {
                self.shut(&mut inner, hearing);
            }
            return is_half_open;
        }
        let streak = self.streak();
        if streak != 0 && streak != TRIPPED {
            let mut inner = self.lock();
            if let State::Closed { since } = &mut inner.state {
                *since = None;
                self.set_streak(0);
            }
        }
        false
    }

    /// A call failed in a way that counts. Returns whether there is
    /// [something to tell](Self::tell_changes).
    #[must_use]
    pub(crate) fn failed(
        &self,
        admission: Admission,
        limits: Limits,
        hearing: Hearing,
        now: Moment,
    ) -> bool {
        let mut inner = self.lock();
        match inner.state {
            State::HalfOpen { cooldown } if admission == Admission::Probe => {
                self.open(&mut inner, limits.next_cooldown(cooldown), hearing, now);
                true
            }
            State::Closed { since } => {
                let is_over = |since| now.at.duration_since(since) > limits.within;
                let fresh = since.is_none_or(is_over);
                let streak = if fresh {
                    1
                } else {
                    (self.streak() + 1).min(TRIPPED - 1)
                };
                if streak >= limits.failures {
                    self.open(&mut inner, limits.cooldown, hearing, now);
                    return true;
                }
                self.set_streak(streak);
                if fresh {
                    inner.state = State::Closed {
                        since: Some(now.at),
                    };
                }
                false
            }
            // A call that began before the breaker opened.
            State::Open { .. } | State::HalfOpen { .. } => false,
        }
    }

    /// The probe ended without an answer: the next call is the probe.
    pub(crate) fn undecided(&self, admission: Admission, now: impl FnOnce() -> Moment) {
        if admission != Admission::Probe {
            return;
        }
        let mut inner = self.lock();
        if let State::HalfOpen { cooldown } = inner.state {
            inner.state = State::Open {
                until: now().at,
                cooldown,
            };
        }
    }

    /// Quarantines the handler by hand, for exactly this time.
    pub(crate) fn open_by_hand(&self, lasts: Duration, now: Moment) {
        let mut inner = self.lock();
        self.set_open(&mut inner, Duration::ZERO, lasts, now);
        self.set_streak(TRIPPED | BY_HAND);
        let change = Change::Quarantined {
            cooldown: lasts,
            is_by_hand: true,
        };
        inner.outbox.post(change, Hearing::Everybody);
    }

    /// Readmits the handler by hand.
    pub(crate) fn reset(&self) {
        let mut inner = self.lock();
        if matches!(inner.state, State::Closed { .. }) {
            inner.state = State::Closed { since: None };
            self.set_streak(0);
        } else {
            self.shut(&mut inner, Hearing::Everybody);
        }
    }

    /// Gives each change that nobody has been told of to `tell`, in order, on one thread at a time.
    /// Nobody waits for that thread; whoever comes meanwhile leaves it theirs. It must not panic.
    pub(crate) fn tell_changes(&self, tell: impl Fn(Change, Hearing)) {
        loop {
            let next = self.lock().outbox.begin();
            let Some((change, hearing)) = next else {
                return;
            };
            tell(change, hearing);
            self.lock().outbox.end();
        }
    }

    fn open(&self, inner: &mut Inner, cooldown: Duration, hearing: Hearing, now: Moment) {
        self.set_open(inner, cooldown, jittered(cooldown, self), now);
        self.set_streak(TRIPPED);
        let change = Change::Quarantined {
            cooldown,
            is_by_hand: false,
        };
        inner.outbox.post(change, hearing);
    }

    fn set_open(&self, inner: &mut Inner, cooldown: Duration, lasts: Duration, now: Moment) {
        inner.state = State::Open {
            until: now.after(lasts),
            cooldown,
        };
        let open_until = now.certainly_within(lasts);
        self.open_until.store(open_until, Ordering::Relaxed);
    }

    fn shut(&self, inner: &mut Inner, hearing: Hearing) {
        inner.state = State::Closed { since: None };
        self.set_streak(0);
        inner.outbox.post(Change::Readmitted, hearing);
    }

    fn streak(&self) -> u32 {
        self.heed.load(Ordering::Relaxed) & TRIPPED
    }

    /// Only under the lock.
    fn set_streak(&self, streak: u32) {
        let others = self.heed.load(Ordering::Relaxed) & (PAUSED | CLOSED);
        self.heed.store(streak | others, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock(&|| {
            // In a child of a fork that cannot know what its parent was changing.
            self.set_streak(0);
            Inner::default()
        })
    }
}

#[cfg(all(test, not(loom)))]
mod tests;

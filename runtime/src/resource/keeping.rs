//! The attempts to open a resource: who asked for them, which one is running, when the next is due.

use std::{
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use super::{
    DownCause,
    restart::{Restart, Restarts},
    unborn::{Opening, Unborn},
};
use crate::queue::Runtime;

/// How long it is waited for what will be told of.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How long after no thread could be had another is asked for.
const LOOK_FOR_THREADS: Duration = Duration::from_millis(100);

/// The least time between one that failed and the next, whatever the policy says.
const BREATH: Duration = Duration::from_millis(1);

/// What there is to do about a resource that has an opener.
#[derive(Debug)]
pub(super) struct Keeping {
    asked: Asked,
    opening: Option<Opening>,
    keeper: Keeper,
    /// How many attempts have ended.
    ended: u64,
    last_failure: Option<DownCause>,
    /// How many failed since it was open.
    failures: u32,
    pub(super) restarts: Restarts,
    /// How often the things it needs came up, or could not.
    pub(super) nudges: u64,
    /// Where whoever asked for it was.
    pub(super) runtime: Option<Runtime>,
}

/// Whether an attempt is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    No,
    /// By nobody who waits, and not before this.
    From(Instant),
    /// Somebody waits for it.
    Now,
}

/// The thread that makes the attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeper {
    None,
    /// None could be had; another one is asked for when the next attempt is due.
    Missed,
    /// It is being made.
    Claimed,
    Running(ThreadId),
}

/// Something that a resource needs is not there.
#[derive(Clone, Debug)]
pub(super) enum Missing {
    /// It is being opened.
    Coming,
    Gone(DownCause),
}

/// What the keeping thread does next.
#[derive(Debug)]
pub(super) enum Next {
    Open,
    /// Something that it needs is missing, and somebody waits to hear it.
    Fail(DownCause),
    /// Wait for a change, and look again then.
    Wait(Duration),
    Leave,
}

impl Keeping {
    pub(super) const fn idle() -> Self {
        Keeping {
            asked: Asked::No,
            opening: None,
            keeper: Keeper::None,
            ended: 0,
            last_failure: None,
            failures: 0,
            restarts: Restarts::none(),
            nudges: 0,
            runtime: None,
        }
    }

    /// Asks for an attempt now. Returns how many will have ended once it has.
    pub(super) fn urge(&mut self) -> u64 {
        self.restarts.clear();
        // One that is being made answers for everybody.
        if !self.is_opening() {
            self.asked = Asked::Now;
            // What was missing may be asked for as well by now.
            self.nudges += 1;
        }
        self.ended + 1
    }

    /// Asks for an attempt after a delay.
    pub(super) fn ask_in(&mut self, delay: Duration) {
        if self.asked != Asked::Now {
            self.asked = Asked::From(after(Instant::now(), delay));
        }
    }

    /// Asks for nothing any more; what is being opened will not be taken.
    pub(super) fn stop(&mut self) {
        self.asked = Asked::No;
        if let Some(opening) = &mut self.opening {
            opening.abandon();
        }
    }

    /// Somebody looks after it by hand: what failed before is over.
    pub(super) fn relieve(&mut self) {
        self.stop();
        self.failures = 0;
        self.last_failure = None;
        self.restarts.clear();
    }

    /// Whether it will be opened, if that can be.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_opening() || self.asked != Asked::No
    }

    /// Whether somebody waits for an answer, which will come soon.
    pub(super) fn is_coming(&self) -> bool {
        self.is_opening() || self.asked == Asked::Now
    }

    fn is_opening(&self) -> bool {
        matches!(self.opening, Some(Opening::Awaited(_)))
    }

    /// Whether a thread is to be made for it; then it counts as made.
    pub(super) fn claim(&mut self) -> bool {
        let needs_one = match (self.keeper, self.asked) {
            (Keeper::Claimed | Keeper::Running(_), _) | (_, Asked::No) => false,
            (Keeper::Missed, Asked::From(due)) => due <= Instant::now(),
            (Keeper::None, _) | (Keeper::Missed, Asked::Now) => true,
        };
        if needs_one {
            self.keeper = Keeper::Claimed;
        }
        needs_one
    }

    /// What the thread does next; it may leave once there is nothing to do.
    pub(super) fn next(&mut self, now: Instant, missing: Option<&Missing>) -> Next {
        self.keeper = Keeper::Running(thread::current().id());
        match (self.asked, missing) {
            (Asked::No, _) => {
                self.keeper = Keeper::None;
                Next::Leave
            }
            (Asked::Now, Some(Missing::Gone(cause))) => Next::Fail(cause.clone()),
            (_, Some(_)) => Next::Wait(LOOK_AGAIN),
            (Asked::Now, None) => Next::Open,
            (Asked::From(due), None) if due <= now => Next::Open,
            (Asked::From(due), None) => Next::Wait(due - now),
        }
    }

    pub(super) fn begin(&mut self, number: u64) {
        self.asked = Asked::No;
        self.opening = Some(Opening::of(number));
    }

    /// The value of this number, if it is being opened and still wanted.
    pub(super) fn unborn(&mut self, number: u64) -> Option<&mut Unborn> {
        let unborn = self.opening.as_mut()?.awaited()?;
        (unborn.number() == number).then_some(unborn)
    }

    /// Whether this thread is the one that makes the attempts.
    pub(super) fn keeps_here(&self) -> bool {
        self.keeper == Keeper::Running(thread::current().id())
    }

    /// The number of the value that this very thread is opening.
    pub(super) fn opening_here(&self) -> Option<u64> {
        let opening = self.opening.as_ref().filter(|_| self.keeps_here())?;
        Some(opening.number())
    }

    /// The opener has come back; what it made, if that is still wanted.
    pub(super) fn returned(&mut self) -> Option<Unborn> {
        match self.opening.take()? {
            Opening::Awaited(unborn) => Some(unborn),
            Opening::Abandoned(_) => None,
        }
    }

    /// The opener has come back with nothing. Whether anybody still wants it.
    pub(super) fn came_to_nothing(&mut self) -> bool {
        matches!(self.opening.take(), Some(Opening::Awaited(_)))
    }

    /// Something that it needs was missing after so many nudges. Whether that is the answer for
    /// those who wait: if anything has changed since, it is looked for again.
    pub(super) fn is_answered_by(&self, nudges: u64) -> bool {
        self.asked == Asked::Now && self.nudges == nudges
    }

    pub(super) fn succeeded(&mut self) {
        self.ended += 1;
        self.failures = 0;
        self.last_failure = None;
        self.stop();
    }

    /// An attempt failed, and is made again by itself where the policy says so.
    pub(super) fn failed(&mut self, cause: DownCause, policy: &Restart) {
        self.end_with(cause);
        if policy.by_itself {
            self.ask_in(policy.delay(self.failures).max(BREATH));
        }
        self.failures = self.failures.saturating_add(1);
    }

    /// There was no thread for it. Whether anybody still wants it.
    pub(super) fn missed(&mut self, cause: DownCause, policy: &Restart) -> bool {
        self.keeper = Keeper::Missed;
        let is_wanted = self.is_wanted();
        if is_wanted {
            self.end_with(cause);
            if policy.by_itself {
                self.ask_in(LOOK_FOR_THREADS);
            }
        }
        is_wanted
    }

    fn end_with(&mut self, cause: DownCause) {
        self.ended += 1;
        self.last_failure = Some(cause);
        self.stop();
    }

    /// What the attempts said of which so many have ended; `None` before that.
    pub(super) fn answer(&self, answered: u64) -> Option<Answer<'_>> {
        if self.ended >= answered {
            return Some(Answer::Ended(self.last_failure.as_ref()));
        }
        (!self.is_wanted()).then_some(Answer::Stopped)
    }
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer<'a> {
    /// It failed, if there is a cause.
    Ended(Option<&'a DownCause>),
    /// Nobody wants it any more.
    Stopped,
}

/// A time that no clock reaches is as good as a century.
fn after(now: Instant, delay: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
    now.checked_add(delay).unwrap_or_else(|| now + CENTURY)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_was_missing_before_it_was_asked_for_again_is_no_answer() {
        let mut keeping = Keeping::idle();
        keeping.urge();
        let nudges = keeping.nudges;
        let missing = Missing::Gone("revoked".into());
        assert!(matches!(
            keeping.next(Instant::now(), Some(&missing)),
            Next::Fail(_)
        ));
        assert!(keeping.is_answered_by(nudges));
        // It is revoked before the answer is given, and then asked for anew.
        keeping.stop();
        assert!(!keeping.is_answered_by(nudges));
        keeping.urge();
        assert!(!keeping.is_answered_by(nudges));
    }

    #[test]
    fn a_value_by_hand_begins_the_delays_anew() {
        let hour = Duration::from_secs(3600);
        let policy = Restart::new().backoff(Duration::from_secs(60), hour);
        let mut keeping = Keeping::idle();
        for _ in 0..9 {
            keeping.failed("jammed".into(), &policy);
        }
        let in_time = |keeping: &mut Keeping| match keeping.next(Instant::now(), None) {
            Next::Wait(delay) => delay <= Duration::from_secs(60),
            next => panic!("{next:?}"),
        };
        assert!(!in_time(&mut keeping));
        keeping.relieve();
        keeping.failed("jammed again".into(), &policy);
        assert!(in_time(&mut keeping));
    }
}

//! The attempts to open a resource: who asked for them, which one is running, when the next is due.

use std::{
    thread::ThreadId,
    time::{Duration, Instant},
};

use super::{
    DownCause,
    restart::{Restart, Restarts},
};
use crate::queue::Runtime;

/// How long it is waited for what will be told of.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How long after no thread could be had another is asked for.
const LOOK_FOR_THREADS: Duration = Duration::from_millis(100);

/// What there is to do about a resource that has an opener.
#[derive(Debug)]
pub(super) struct Keeping {
    asked: Asked,
    attempt: Option<Attempt>,
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
    Running,
}

/// An attempt that is being made.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    /// The number that its value will have.
    number: u64,
    thread: ThreadId,
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
            attempt: None,
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
        self.runtime = Runtime::current().or_else(|| self.runtime.take());
        // One that is being made answers for everybody.
        if self.attempt.is_none() {
            self.asked = Asked::Now;
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
        self.attempt = None;
    }

    /// Whether it will be opened, if that can be.
    pub(super) fn is_wanted(&self) -> bool {
        self.attempt.is_some() || self.asked != Asked::No
    }

    /// Whether somebody waits for an answer, which will come soon.
    pub(super) fn is_coming(&self) -> bool {
        self.attempt.is_some() || self.asked == Asked::Now
    }

    /// Whether a thread is to be made for it; then it counts as made.
    pub(super) fn claim(&mut self) -> bool {
        let needs_one = match (self.keeper, self.asked) {
            (Keeper::Running, _) | (_, Asked::No) => false,
            (Keeper::Missed, Asked::From(due)) => due <= Instant::now(),
            (Keeper::None, _) | (Keeper::Missed, Asked::Now) => true,
        };
        if needs_one {
            self.keeper = Keeper::Running;
        }
        needs_one
    }

    /// What the thread does next; it may leave once there is nothing to do.
    pub(super) fn next(&mut self, now: Instant, missing: Option<&Missing>) -> Next {
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
        self.attempt = Some(Attempt {
            number,
            thread: std::thread::current().id(),
        });
    }

    /// Whether the value of the attempt of this number is still wanted.
    pub(super) fn awaits(&self, number: u64) -> bool {
        self.attempt.is_some_and(|attempt| attempt.number == number)
    }

    /// The number of the value that this very thread is opening.
    pub(super) fn opening_here(&self) -> Option<u64> {
        let here = std::thread::current().id();
        let attempt = self.attempt.filter(|attempt| attempt.thread == here);
        attempt.map(|attempt| attempt.number)
    }

    pub(super) fn succeeded(&mut self) {
        self.ended += 1;
        self.failures = 0;
        self.last_failure = None;
        self.stop();
    }

    /// An attempt failed, and is made again by itself where the policy says so.
    pub(super) fn failed(&mut self, cause: DownCause, policy: &Restart) {
        self.ended += 1;
        self.last_failure = Some(cause);
        self.stop();
        if policy.by_itself {
            self.ask_in(policy.delay(self.failures));
        }
        self.failures = self.failures.saturating_add(1);
    }

    /// There was no thread for it.
    pub(super) fn missed(&mut self, cause: DownCause) {
        self.keeper = Keeper::Missed;
        self.ended += 1;
        self.last_failure = Some(cause);
        self.stop();
        self.ask_in(LOOK_FOR_THREADS);
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

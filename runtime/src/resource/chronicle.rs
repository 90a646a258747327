//! What is on record of a resource: its state, its deaths, and who is to be told.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use super::{
    Down, DownCause, Need, Readiness, ResourceHealth, Status, Unavailable,
    aftermath::Aftermath,
    health::Illness,
    keeping::{Answer, Keeping},
    monitor::{Mailbox, Monitor},
    news::Outbox,
    readiness::Step,
    restart::{GaveUp, Restart},
};
use crate::reason::SkipReason;

#[derive(Debug)]
pub(super) struct Chronicle {
    pub(super) readiness: Readiness,
    /// The number of the value that is there, or was last.
    pub(super) incarnation: u64,
    /// The last number that was given.
    numbers: u64,
    pub(super) deaths: u64,
    /// Why it is not there, or stale.
    cause: Option<DownCause>,
    last_down: Option<Down>,
    monitors: Vec<Weak<Mailbox>>,
    pub(super) dependents: Vec<Dependent>,
    /// How often each of its needs had died before the value that is there was made.
    pub(super) stands_on: Vec<u64>,
    /// How many are about to revoke it, so that nothing is opened on it any more.
    pub(super) leaving: u32,
    pub(super) keeping: Keeping,
    /// What its opener waits for.
    pub(super) awaits: Option<Dependent>,
    illness: Option<Illness>,
    /// Whether nobody waits any more for the leases of the value that was there last.
    pub(super) are_leases_given_up: bool,
    pub(super) outbox: Outbox,
}

/// A resource that needs this one.
#[derive(Clone, Copy)]
pub(super) struct Dependent(pub(super) &'static dyn Need);

impl Chronicle {
    pub(super) const fn new() -> Self {
        Chronicle {
            readiness: Readiness::NotReady,
            incarnation: 0,
            numbers: 0,
            deaths: 0,
            cause: None,
            last_down: None,
            monitors: Vec::new(),
            dependents: Vec::new(),
            stands_on: Vec::new(),
            leaving: 0,
            keeping: Keeping::idle(),
            awaits: None,
            illness: None,
            are_leases_given_up: false,
            outbox: Outbox::new(),
        }
    }

    pub(super) fn next_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// A value has come, whose number is this.
    pub(super) fn came_up(&mut self, number: u64, aftermath: &mut Aftermath) {
        let was_down = self.illness.is_some() && !self.readiness.is_serving();
        self.step(Step::Provided);
        self.incarnation = number;
        self.are_leases_given_up = false;
        self.cause = None;
        if let Some(illness) = &mut self.illness {
            illness.seems_over(Instant::now());
        }
        aftermath.came_up(was_down);
        aftermath.nudge(&self.dependents);
    }

    /// Something a value stands on has ended. Whether it is the one that is there, which goes
    /// down with it.
    pub(super) fn ended(&mut self, number: u64, cause: &DownCause) -> bool {
        if let Some(unborn) = self.keeping.unborn(number) {
            unborn.ended(cause.clone());
            return false;
        }
        self.serves(number)
    }

    /// Whether the value of this number is there.
    pub(super) fn serves(&self, number: u64) -> bool {
        self.incarnation == number && self.readiness.is_serving()
    }

    /// Nobody would tell any more if the value of this number died.
    pub(super) fn watch_lost(&mut self, number: u64, cause: DownCause) {
        if let Some(unborn) = self.keeping.unborn(number) {
            unborn.watch_lost(cause);
        } else if self.incarnation == number && self.step(Step::WatchLost) {
            self.cause = Some(cause.clone());
            self.fell_ill(cause);
        }
    }

    /// Somebody would tell of the end of the value of this number. Whether that is one.
    pub(super) fn watched(&mut self, number: u64) -> bool {
        if let Some(unborn) = self.keeping.unborn(number) {
            unborn.watched();
            return true;
        }
        let is_there = self.serves(number);
        if is_there && self.step(Step::Watched) {
            self.cause = None;
            if let Some(illness) = &mut self.illness {
                illness.seems_over(Instant::now());
            }
        }
        is_there
    }

    /// The value that was there crashed.
    pub(super) fn crashed(&mut self, cause: DownCause, aftermath: &mut Aftermath) {
        self.step(Step::Crashed);
        self.died(&cause, aftermath);
        let fall = DownCause::of_need(aftermath.resource(), &cause);
        aftermath.fell(&self.dependents, self.deaths, &fall);
        self.fell_ill(cause.clone());
        self.cause = Some(cause);
    }

    /// Somebody takes it away. Returns whether it was there.
    pub(super) fn revoked(&mut self, aftermath: &mut Aftermath) -> bool {
        self.keeping.stop();
        aftermath.let_go(self.keeping.runtime.take());
        // Those who waited for it to be opened shall not wait for that any more.
        aftermath.nudge(&self.dependents);
        let was_there = self.readiness.is_serving();
        if self.step(Step::Revoked) {
            self.cause = None;
            self.illness = None;
        }
        if was_there {
            self.died(&revoked(), aftermath);
            // Those that came up since they were told to go.
            let fall = DownCause::of_revoked_need(aftermath.resource());
            aftermath.fell(&self.dependents, self.deaths, &fall);
        }
        was_there
    }

    /// What was tried to open it has failed.
    pub(super) fn attempt_failed(
        &mut self,
        cause: DownCause,
        policy: &Restart,
        aftermath: &mut Aftermath,
    ) {
        self.keeping.failed(cause.clone(), policy);
        self.opening_failed(cause, aftermath);
    }

    pub(super) fn opening_failed(&mut self, cause: DownCause, aftermath: &mut Aftermath) {
        aftermath.nudge(&self.dependents);
        if self.step(Step::OpeningFailed) {
            self.fell_ill(cause.clone());
            self.cause = Some(cause);
        }
    }

    /// Why the attempt that somebody waits for came to nothing, once it has.
    pub(super) fn answer(&self, answered: u64) -> Option<DownCause> {
        match self.keeping.answer(answered)? {
            Answer::Ended(Some(failure)) => Some(failure.clone()),
            // It came up, and is down again; or nobody wants it any more.
            Answer::Ended(None) | Answer::Stopped => {
                Some(self.cause.clone().unwrap_or_else(revoked))
            }
        }
    }

    /// It will not be opened again by itself.
    pub(super) fn give_up(&mut self, gave_up: GaveUp) {
        let GaveUp { restarts, within } = gave_up;
        self.keeping.stop();
        if let Some(last) = self.cause.take() {
            let text = format!(
                "gave up after {restarts} restarts within {within:?}, until it is started by hand: {last}"
            );
            let cause = DownCause::new(last.reason(), text);
            self.fell_ill(cause.clone()).give_up();
            self.cause = Some(cause);
        }
    }

    /// The number of the value that this thread opens, else of the one that is there.
    pub(super) fn number_here(&self) -> u64 {
        self.keeping.opening_here().unwrap_or(self.incarnation)
    }

    /// Returns whether the step changed anything.
    pub(super) fn step(&mut self, step: Step) -> bool {
        let next = self.readiness.after(step);
        if let Some(next) = next {
            self.readiness = next;
        }
        next.is_some()
    }

    pub(super) fn monitor(&mut self) -> Monitor {
        let mailbox = Arc::new(Mailbox::default());
        if !self.readiness.is_serving()
            && let Some(down) = &self.last_down
        {
            mailbox.deliver(down.clone());
        }
        self.monitors.retain(|monitor| monitor.strong_count() > 0);
        self.monitors.push(Arc::downgrade(&mailbox));
        Monitor { mailbox }
    }

    /// Why it cannot be leased; `None` if it can.
    pub(super) fn refusal(&self, resource: &'static str) -> Option<Unavailable> {
        let reason = match self.readiness {
            Readiness::Ready | Readiness::Stale => return None,
            Readiness::NotReady => SkipReason::Unavailable,
            Readiness::Failed => self
                .cause
                .as_ref()
                .map_or(SkipReason::Unavailable, DownCause::reason),
            Readiness::Draining | Readiness::Revoked => SkipReason::ShuttingDown,
        };
        Some(Unavailable::new(resource, reason, self.cause.clone()))
    }

    /// What is known of why nobody can lease it now.
    pub(super) fn absence(&self) -> String {
        match &self.cause {
            Some(cause) => format!("still down ({cause})"),
            None if self.keeping.is_wanted() => "still being opened".to_owned(),
            None if self.last_down.is_some() => "still revoked".to_owned(),
            None => "nobody has provided it".to_owned(),
        }
    }

    pub(super) fn health(&self, resource: &'static str, well_after: Duration) -> ResourceHealth {
        let illness = self.illness.as_ref();
        let illness = illness.filter(|illness| !illness.is_over(Instant::now(), well_after));
        let status = match (self.readiness.is_serving(), illness) {
            (false, _) => Status::Down,
            (true, Some(_)) => Status::Degraded,
            (true, None) => Status::Well,
        };
        let down = self.last_down.as_ref().filter(|_| status == Status::Down);
        let unknown = (status == Status::Down).then(|| self.absence());
        ResourceHealth {
            resource,
            readiness: self.readiness,
            status,
            cause: illness
                .map(|illness| illness.cause.text().to_owned())
                .or_else(|| down.map(|down| down.cause.clone()))
                .or(unknown),
            since: illness
                .map(|illness| illness.since)
                .or_else(|| down.map(|down| down.at)),
            is_given_up: illness.is_some_and(Illness::is_given_up),
        }
    }

    /// Forgets what was wrong once it has been well for so long.
    pub(super) fn get_over(&mut self, well_after: Duration) {
        let now = Instant::now();
        self.illness
            .take_if(|illness| illness.is_over(now, well_after));
    }

    fn died(&mut self, cause: &DownCause, aftermath: &mut Aftermath) {
        self.deaths += 1;
        let down = Down::new(aftermath.resource(), cause);
        self.monitors.retain(|monitor| {
            let Some(mailbox) = monitor.upgrade() else {
                return false;
            };
            aftermath.wake(mailbox.deliver(down.clone()), mailbox);
            true
        });
        aftermath.died(down.clone());
        self.last_down = Some(down);
    }

    fn fell_ill(&mut self, cause: DownCause) -> &mut Illness {
        match &mut self.illness {
            Some(illness) => {
                illness.goes_on(cause);
                illness
            }
            none => none.insert(Illness::new(cause)),
        }
    }
}

fn revoked() -> DownCause {
    DownCause::new(SkipReason::ShuttingDown, "revoked")
}

impl Dependent {
    pub(super) fn is(self, other: Dependent) -> bool {
        let address = |dependent: Dependent| std::ptr::from_ref(dependent.0).addr();
        address(self) == address(other)
    }
}

impl std::fmt::Debug for Dependent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name())
    }
}

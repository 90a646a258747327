//! The record of a resource behind its lock, and the waits for a change of it.

use std::{
    panic::Location,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;

use super::{
    DownCause, Monitor, Need, NotStarted, Readiness, Unavailable,
    aftermath::Aftermath,
    chronicle::{Chronicle, Dependent},
    keeping::{Missing, Next},
    restart::Restart,
};
use crate::{contain, limiter::Limiters, reason::SkipReason};

/// How long a resource has to be well until it counts as well, unless it says otherwise.
const WELL_AFTER: Duration = Duration::from_secs(30);

/// What is known of a resource, whatever the type of its value.
#[derive(Debug)]
pub struct Life {
    pub(crate) name: &'static str,
    /// Where it is made, to tell apart those of one name.
    pub(crate) place: &'static Location<'static>,
    /// How long it has to be well until what was wrong is forgotten.
    pub(super) well_after: Duration,
    chronicle: Mutex<Chronicle>,
    changed: Condvar,
    /// Why it cannot be leased, so that a skip takes no lock. Changed while the lock is held.
    refused: ArcSwapOption<Unavailable>,
    /// Whether no thread could be had to open it on, and none was asked for since.
    misses_thread: AtomicBool,
    /// The limit of what is logged of it.
    pub(crate) limiters: Limiters,
}

/// What the thread that keeps a resource does next.
#[derive(Debug)]
pub(super) enum Turn {
    /// Open it, as the value of this number.
    Open(u64),
    /// Tell whoever waits that something it needs is missing.
    Fail(DownCause),
    /// Look again at what it needs.
    LookAgain,
    Leave,
}

impl Life {
    #[track_caller]
    pub(super) const fn new(name: &'static str) -> Self {
        Life {
            name,
            place: Location::caller(),
            well_after: WELL_AFTER,
            chronicle: Mutex::new(Chronicle::new()),
            changed: Condvar::new(),
            refused: ArcSwapOption::const_empty(),
            misses_thread: AtomicBool::new(false),
            limiters: Limiters::new(),
        }
    }

    /// Changes the record; what follows from it follows once the lock is left.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Chronicle, &mut Aftermath) -> R) -> R {
        let mut aftermath = Aftermath::of(self.name);
        let mut chronicle = self.lock();
        chronicle.get_over(self.well_after);
        let changed = change(&mut chronicle, &mut aftermath);
        self.note_refusal(&chronicle);
        let is_posted = aftermath.post(&mut chronicle.outbox);
        drop(chronicle);
        self.changed.notify_all();
        for untold in aftermath.follow(self) {
            untold.tell(self, &self.limiters);
        }
        if is_posted {
            self.tell_in_order();
        }
        changed
    }

    /// Tells what has become of it, unless another thread does so.
    fn tell_in_order(&self) {
        loop {
            let next = self.lock().outbox.next();
            match next {
                Some(untold) => untold.tell(self, &self.limiters),
                None => return,
            }
        }
    }

    pub(super) fn read<R>(&self, read: impl FnOnce(&Chronicle) -> R) -> R {
        read(&self.lock())
    }

    pub(super) fn readiness(&self) -> Readiness {
        self.lock().readiness
    }

    /// Lends why it cannot be leased; `None` if it can.
    pub(super) fn if_refused<R>(&self, lend: impl FnOnce(&Unavailable) -> R) -> Option<R> {
        if let Some(refused) = &*self.refused.load() {
            return Some(lend(refused));
        }
        // Nobody has changed it yet; or it has come up since it was found missing.
        self.note_refusal(&self.lock());
        self.refused.load().as_deref().map(lend)
    }

    /// Lets those who ask know without the lock.
    fn note_refusal(&self, chronicle: &Chronicle) {
        let refusal = chronicle.refusal(self.name);
        self.refused.store(refusal.map(Arc::new));
    }

    pub(super) fn misses_thread(&self) -> bool {
        self.misses_thread.load(Ordering::Relaxed)
    }

    /// The end of a telemetry has waited long enough for those who hold the last value.
    pub(crate) fn give_up_on_leases(&self) {
        let mut chronicle = self.lock();
        chronicle.are_leases_given_up = !chronicle.readiness.is_serving();
    }

    pub(super) fn monitor(&self) -> Monitor {
        self.lock().monitor()
    }

    /// Remembers who goes down with it, and is to be told when it comes up.
    pub(super) fn depend(&self, dependent: &'static dyn Need) {
        let dependents = &mut self.lock().dependents;
        if !dependents
            .iter()
            .any(|known| known.is(Dependent(dependent)))
        {
            dependents.push(Dependent(dependent));
        }
    }

    pub(super) fn dependents(&self) -> Vec<Dependent> {
        self.lock().dependents.clone()
    }

    /// Something that it needs has come up.
    pub(super) fn nudge(&self) {
        self.lock().keeping.nudges += 1;
        self.changed.notify_all();
    }

    /// Waits until it is time for the keeping thread to do something. `nudges` was read before
    /// what it needs was looked at.
    pub(super) fn next_turn(&self, nudges: u64, missing: Option<&Missing>) -> Turn {
        let mut chronicle = self.lock();
        loop {
            if chronicle.keeping.nudges != nudges {
                return Turn::LookAgain;
            }
            let limit = match chronicle.keeping.next(Instant::now(), missing) {
                Next::Leave => return Turn::Leave,
                Next::Open => {
                    let number = chronicle.next_number();
                    chronicle.keeping.begin(number);
                    return Turn::Open(number);
                }
                Next::Fail(cause) => return Turn::Fail(cause),
                Next::Wait(limit) => limit,
            };
            chronicle = self.wait(chronicle, limit);
        }
    }

    /// An attempt has failed; the next one is made by itself where the policy says so.
    pub(super) fn opening_failed(&self, cause: DownCause, policy: &Restart) {
        self.change(|chronicle, aftermath| {
            if chronicle.keeping.came_to_nothing() {
                chronicle.attempt_failed(cause, policy, aftermath);
            }
        });
    }

    /// An attempt could not begin, since something that it needs was missing after so many nudges.
    pub(super) fn opening_lacks(&self, nudges: u64, cause: DownCause, policy: &Restart) {
        self.change(|chronicle, aftermath| {
            if chronicle.keeping.is_answered_by(nudges) {
                chronicle.attempt_failed(cause, policy, aftermath);
            }
        });
    }

    /// Whoever opens it cannot wait for it, unless it is there.
    pub(super) fn check_not_kept_here(&self) -> Result<(), NotStarted> {
        let chronicle = self.lock();
        if chronicle.readiness.is_serving() || !chronicle.keeping.keeps_here() {
            return Ok(());
        }
        let cause = DownCause::new(SkipReason::Unavailable, "its own opener waits for it");
        Err(NotStarted::new(self.name, cause))
    }

    /// Waits for the answer of an attempt, which `answered` ended ones are, for what is left of a
    /// deadline.
    pub(super) fn wait_started(
        &self,
        answered: u64,
        limit: Duration,
        deadline: Duration,
    ) -> Result<(), NotStarted> {
        let started = Instant::now();
        let mut chronicle = self.lock();
        loop {
            if chronicle.readiness.is_serving() {
                return Ok(());
            }
            if let Some(cause) = chronicle.answer(answered) {
                return Err(NotStarted::new(self.name, cause));
            }
            let left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                let text = format!("still being opened after {deadline:?}");
                let cause = DownCause::new(SkipReason::TimedOut, text);
                return Err(NotStarted::new(self.name, cause));
            }
            chronicle = self.wait(chronicle, left);
        }
    }

    /// Waits until it can be leased, for what is left of a deadline.
    pub(crate) fn wait_serving(
        &self,
        limit: Duration,
        deadline: Duration,
    ) -> Result<(), NotStarted> {
        let started = Instant::now();
        let mut chronicle = self.lock();
        while !chronicle.readiness.is_serving() {
            let left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                let text = format!("{} after {deadline:?}", chronicle.absence());
                let cause = DownCause::new(SkipReason::TimedOut, text);
                return Err(NotStarted::new(self.name, cause));
            }
            chronicle = self.wait(chronicle, left);
        }
        Ok(())
    }

    /// A thread for whoever keeps it, unless it has one. One that cannot be had is a failed
    /// attempt.
    pub(super) fn keep(&self, policy: &Restart, keep: impl FnOnce() + Send + 'static) {
        if !self.lock().keeping.claim() {
            return;
        }
        self.misses_thread.store(false, Ordering::Relaxed);
        let name = format!("open {}", self.name);
        let spawned = contain::attempt(|| thread::Builder::new().name(name).spawn(keep));
        let text = match spawned {
            Some(Ok(_)) => return,
            Some(Err(error)) => format!("no thread to open it on: {error}"),
            None => "no thread to open it on".to_owned(),
        };
        let cause = DownCause::new(SkipReason::ResourceExhausted, text);
        self.change(|chronicle, aftermath| {
            if chronicle.keeping.missed(cause.clone(), policy) {
                chronicle.opening_failed(cause, aftermath);
            }
        });
        self.misses_thread.store(true, Ordering::Relaxed);
    }

    fn wait<'a>(
        &self,
        chronicle: MutexGuard<'a, Chronicle>,
        limit: Duration,
    ) -> MutexGuard<'a, Chronicle> {
        match self.changed.wait_timeout(chronicle, limit) {
            Ok((chronicle, _)) => chronicle,
            Err(poisoned) => poisoned.into_inner().0,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Chronicle> {
        self.chronicle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

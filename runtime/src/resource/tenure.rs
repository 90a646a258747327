//! How a value comes to a resource, and how it goes.

use std::{
    ptr,
    sync::{Arc, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use super::{
    DownCause, DrainReport, Life, Provided, Resource, aftermath::Aftermath, chronicle::Chronicle,
    holding::Holding, leaving::Leaving, readiness::Step,
};
use crate::{gate::Idle, hazard, running::inside_handler};

/// Why a value ends that nobody takes away.
#[derive(Clone, Copy, Debug)]
pub(super) enum End<'a> {
    Crashed,
    /// What the value of this number is made of has ended.
    Watched(u64),
    /// What it needs has gone.
    Fell(Fall<'a>),
}

/// Which value goes down with what it needs.
#[derive(Clone, Copy, Debug)]
pub enum Fall<'a> {
    /// Whatever value there is.
    Any,
    /// That of this number.
    Number(u64),
    /// One that was made before the need died for the so-many-th time: a later one stands on
    /// what came after that.
    Before { need: &'a Life, death: u64 },
}

impl<T: Send + Sync + 'static> Resource<T> {
    /// Makes the value available until what this returns is dropped.
    ///
    /// A value that was there before is replaced: new leases get the new one, and leases that
    /// are held keep theirs. That is no death, and no [monitor](Resource::monitor) tells of it.
    /// One that is being opened is given back, and what failed before is over: a resource with an
    /// opener has all its restarts again.
    #[must_use = "the resource is revoked when this is dropped"]
    pub fn provide(&'static self, value: T) -> Provided<T> {
        self.depend_on_needs();
        let holding = Arc::new(Holding::new(value));
        let provided = Provided::new(self, Arc::downgrade(&holding));
        let stands_on = self.deaths_of_needs();
        let replaced = self.life.change(|life, aftermath| {
            life.keeping.relieve();
            let number = life.next_number();
            life.stands_on = stands_on;
            self.install(holding, number, life, aftermath)
        });
        put_away(replaced);
        provided
    }

    /// Takes the value away as something that has failed. Calls that need it are skipped for the
    /// cause's reason until it is there again: opened by itself if it has an opener, or provided.
    /// Leases that are held keep the value. Returns whether it was there.
    ///
    /// ```
    /// use gambeson::{DownCause, Resource, SkipReason};
    ///
    /// static MAIL: Resource<u32> = Resource::new("mail");
    ///
    /// let _mail = MAIL.provide(25);
    /// let lease = MAIL.lease()?;
    /// assert!(MAIL.crash(DownCause::new(SkipReason::PeerDead, "the server hung up")));
    /// assert!(!MAIL.crash("it was dead already"));
    /// assert_eq!(*lease, 25);
    /// let refused = MAIL.lease().unwrap_err();
    /// assert_eq!(refused.reason(), SkipReason::PeerDead);
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "resource `mail` is not available: the server hung up"
    /// );
    /// # Ok::<(), gambeson::Unavailable>(())
    /// ```
    pub fn crash(&'static self, cause: impl Into<DownCause>) -> bool {
        self.end(End::Crashed, cause.into())
    }

    /// Refuses new leases, which are then of reason `shutting_down`, and waits for those that are
    /// held, for `deadline` at most. Ends whatever would open it again.
    ///
    /// What needs this resource goes first, from the far end: each is taken down and its leases
    /// are waited for while this one still serves, and none of them is opened again meanwhile.
    /// Where the report has nothing outstanding, nobody uses the value any more, and it has been
    /// dropped, unless the deadline passed in its drop.
    ///
    /// Inside a handler's call this does not wait, since the call may hold the lease it would
    /// wait for.
    ///
    /// ```
    /// use std::time::Duration;
    /// use gambeson::{Readiness, Resource};
    ///
    /// static DESK: Resource<u32> = Resource::new("desk");
    ///
    /// let _desk = DESK.provide(1);
    /// let lease = DESK.lease()?;
    /// let report = DESK.revoke(Duration::from_millis(1));
    /// assert_eq!(report.outstanding, 1);
    /// assert!(report.holders[0].starts_with("main ("), "{report:?}");
    /// assert_eq!(DESK.readiness(), Readiness::Draining);
    /// drop(lease);
    /// assert_eq!(DESK.readiness(), Readiness::Revoked);
    /// # Ok::<(), gambeson::Unavailable>(())
    /// ```
    pub fn revoke(&self, deadline: Duration) -> DrainReport {
        let started = Instant::now();
        let leaving = Leaving::of(self);
        let mut report = leaving.end_dependents(deadline);
        let gone = self.life.change(|life, aftermath| {
            let gone = self.take();
            life.revoked(aftermath);
            gone
        });
        let left = deadline.saturating_sub(started.elapsed());
        report.add(self.wait_given_back(gone, left));
        report
    }

    /// Ends what `provide` began, if that value is still there.
    pub(super) fn take_away(&self, holding: &Weak<Holding<T>>, deadline: Duration) -> DrainReport {
        let started = Instant::now();
        let is_there = |now: &Arc<Holding<T>>| ptr::eq(Arc::as_ptr(now), holding.as_ptr());
        let mut report = DrainReport::none(self.name());
        let mut gone = None;
        if self.holding.load().as_ref().is_some_and(is_there) {
            let leaving = Leaving::of(self);
            report.add(leaving.end_dependents(deadline));
            gone = self.life.change(|life, aftermath| {
                // Another one may have come meanwhile.
                let is_there = self.holding.load().as_ref().is_some_and(is_there);
                is_there.then(|| {
                    let gone = self.take();
                    life.revoked(aftermath);
                    gone
                })?
            });
        }
        if let Some(holding) = gone.or_else(|| holding.upgrade()) {
            report.add(self.wait_for(holding, deadline.saturating_sub(started.elapsed())));
        }
        self.note_drained();
        report
    }

    /// Ends the value that is there. Returns whether it was the one that had to end.
    pub(super) fn end(&'static self, end: End<'_>, cause: DownCause) -> bool {
        let ended = self.life.change(|life, aftermath| {
            let is_there = match end {
                End::Watched(number) => life.ended(number, &cause),
                End::Fell(Fall::Number(number)) => life.serves(number),
                End::Fell(Fall::Before { need, death }) => self.stood_on(need, life) < death,
                End::Crashed | End::Fell(Fall::Any) => true,
            } && life.readiness.is_serving();
            is_there.then(|| {
                let gone = self.take();
                life.crashed(cause, aftermath);
                self.want_back(end, life);
                gone
            })
        });
        let Some(gone) = ended else { return false };
        put_away(gone);
        self.tend();
        true
    }

    /// How often a need had died before the value that is there was made.
    fn stood_on(&self, need: &Life, life: &Chronicle) -> u64 {
        let mut needs = self.needs.iter().zip(&life.stands_on);
        let known = needs.find(|(known, _)| ptr::eq(known.life(), need));
        known.map_or(0, |(_, &deaths)| deaths)
    }

    /// Puts a value in the place of the one that is there, which is returned, to be dropped
    /// without the lock.
    pub(super) fn install(
        &self,
        holding: Arc<Holding<T>>,
        number: u64,
        life: &mut Chronicle,
        aftermath: &mut Aftermath,
    ) -> Option<Arc<Holding<T>>> {
        let replaced = self.holding.swap(Some(Arc::clone(&holding)));
        self.current.replace(Some(holding));
        self.shut(replaced.as_ref());
        life.came_up(number, aftermath);
        replaced
    }

    /// Takes the value out while the life's lock is held: before its death is told, so that whoever
    /// has heard of that is refused.
    fn take(&self) -> Option<Arc<Holding<T>>> {
        let gone = self.holding.swap(None)?;
        self.current.replace(None);
        self.shut(Some(&gone));
        Some(gone)
    }

    /// Lets nobody more use a value that was taken out. That is one step with the change of
    /// state, so that nobody finds the value unleased who does not know of it yet.
    fn shut(&self, gone: Option<&Arc<Holding<T>>>) {
        let Some(gone) = gone else { return };
        let mut past = self.past();
        past.retain(|past| past.strong_count() > 0);
        past.push(Arc::downgrade(gone));
        drop(past);
        gone.gate.close();
    }

    /// Waits until nobody holds a lease on a value that is not there any more, such as the one
    /// that was taken out now.
    pub(super) fn wait_given_back(
        &self,
        gone: Option<Arc<Holding<T>>>,
        deadline: Duration,
    ) -> DrainReport {
        let started = Instant::now();
        let mut report = DrainReport::none(self.name());
        let past: Vec<_> = self.past().iter().filter_map(Weak::upgrade).collect();
        drop(gone);
        // Each goes with its own last lease, though another one is waited for.
        let watched = |holding: Arc<Holding<T>>| (Arc::downgrade(&holding), holding.departing());
        let past: Vec<_> = past.into_iter().map(watched).collect();
        for (holding, departing) in past {
            let left = deadline.saturating_sub(started.elapsed());
            match holding.upgrade() {
                Some(holding) => report.add(self.wait_for(holding, left)),
                None if inside_handler() => {}
                None => departing.wait(left),
            }
        }
        self.note_drained();
        report
    }

    /// Waits until nobody holds a lease on a value, and until it has been dropped then, by
    /// whatever thread.
    fn wait_for(&self, holding: Arc<Holding<T>>, deadline: Duration) -> DrainReport {
        let started = Instant::now();
        let limit = if inside_handler() {
            Duration::ZERO
        } else {
            deadline
        };
        // From here on nothing but its leases keeps it.
        hazard::sweep();
        match holding.gate.wait_idle(limit) {
            Idle::Reached => {
                let departing = holding.departing();
                drop(holding);
                hazard::sweep();
                departing.wait(limit.saturating_sub(started.elapsed()));
                DrainReport::none(self.name())
            }
            Idle::Busy(outstanding) => DrainReport {
                resource: self.name(),
                outstanding,
                holders: holding.holders(),
            },
        }
    }

    fn note_drained(&self) {
        let incarnation = self.life.read(|life| life.incarnation);
        if !self.is_leased() {
            self.life.change(|life, _| {
                // A later value may be leased.
                if life.incarnation == incarnation {
                    life.step(Step::Drained);
                }
            });
        }
    }
}

impl<T> Resource<T> {
    /// Whether a value that is not there any more is still leased.
    pub(super) fn is_leased(&self) -> bool {
        let past: Vec<_> = self.past().iter().filter_map(Weak::upgrade).collect();
        past.iter().any(|holding| holding.gate.inside() > 0)
    }

    fn past(&self) -> MutexGuard<'_, Vec<Weak<Holding<T>>>> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets go of a value that was taken out. It is dropped with the last lease, which may be right
/// now.
pub(super) fn put_away<T>(gone: Option<Arc<Holding<T>>>) {
    drop(gone);
    // What is not leased by a mark any more is not kept by one.
    hazard::sweep();
}

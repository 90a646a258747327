//! How a value comes to a resource, and how it goes.

use std::{
    sync::{Arc, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use super::{
    DownCause, DrainReport, Need, Provided, Resource, aftermath::Aftermath, chronicle::Chronicle,
    holding::Holding, readiness::Step,
};
use crate::{gate::Idle, hazard, reason::SkipReason, running::inside_handler};

impl<T: Send + Sync + 'static> Resource<T> {
    /// Makes the value available until what this returns is dropped.
    ///
    /// A value that was there before is replaced: new leases get the new one, and leases that
    /// are held keep theirs. That is no death, and no [monitor](Resource::monitor) tells of it.
    #[must_use = "the resource is revoked when this is dropped"]
    pub fn provide(&'static self, value: T) -> Provided<T> {
        self.depend_on_needs();
        let holding = Arc::new(Holding::new(value));
        let replaced = self.life.change(|life, aftermath| {
            life.keeping.stop();
            let number = life.next_number();
            self.install(&holding, number, life, aftermath)
        });
        self.put_away(replaced);
        Provided::new(self, holding)
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
        self.end(None, cause.into())
    }

    /// Refuses new leases and waits for those that are held, for `deadline` at most: those of
    /// resources that need this one first. Ends whatever would open it again.
    ///
    /// Inside a handler's call this does not wait, since the call may hold the lease it would
    /// wait for.
    pub fn revoke(&self, deadline: Duration) -> DrainReport {
        let started = Instant::now();
        let mut report = self.revoke_dependents(deadline);
        let gone = self.life.change(|life, aftermath| {
            let gone = self.take();
            life.revoked(aftermath);
            gone
        });
        self.put_away(gone);
        report.add(self.wait_given_back(deadline.saturating_sub(started.elapsed())));
        report
    }

    /// What needs this one cannot do without it, and comes back with it.
    fn revoke_dependents(&self, deadline: Duration) -> DrainReport {
        let started = Instant::now();
        let mut report = DrainReport::none(self.name());
        let dependents = self.life.dependents().into_iter();
        let serving = dependents.filter(|each| each.0.readiness().is_serving());
        let serving: Vec<&'static dyn Need> = serving.map(|each| each.0).collect();
        for dependent in &serving {
            let text = format!("needs `{}`, which was revoked", self.name());
            dependent.crash(DownCause::new(SkipReason::ShuttingDown, text));
        }
        for dependent in serving {
            let left = deadline.saturating_sub(started.elapsed());
            report.add(dependent.wait_unleased(left));
        }
        report
    }

    /// Ends what `provide` began, if that value is still there.
    pub(super) fn take_away(&self, holding: Arc<Holding<T>>, deadline: Duration) -> DrainReport {
        let is_there = |now: &Arc<Holding<T>>| Arc::ptr_eq(now, &holding);
        if self.holding.load().as_ref().is_some_and(is_there) {
            let started = Instant::now();
            let mut report = self.revoke_dependents(deadline);
            let gone = self.life.change(|life, aftermath| {
                // Another one may have come meanwhile.
                let is_there = self.holding.load().as_ref().is_some_and(is_there);
                is_there.then(|| {
                    let gone = self.take();
                    life.revoked(aftermath);
                    gone
                })?
            });
            self.put_away(gone);
            report.add(self.wait_for(&holding, deadline.saturating_sub(started.elapsed())));
            self.note_drained();
            return report;
        }
        let report = self.wait_for(&holding, deadline);
        drop(holding);
        hazard::sweep();
        report
    }

    /// Ends the value that is there, or only the one of this number. Returns whether it was.
    pub(super) fn end(&'static self, number: Option<u64>, cause: DownCause) -> bool {
        let crashed = self.life.change(|life, aftermath| {
            let is_there = match number {
                Some(number) => life.ended(number, &cause),
                None => life.readiness.is_serving(),
            };
            is_there.then(|| {
                let gone = self.take();
                life.crashed(cause, aftermath);
                self.want_back(life);
                gone
            })
        });
        let Some(gone) = crashed else { return false };
        self.put_away(gone);
        self.tend();
        true
    }

    /// Puts a value in the place of the one that is there, which is returned, to be dropped
    /// without the lock.
    pub(super) fn install(
        &self,
        holding: &Arc<Holding<T>>,
        number: u64,
        life: &mut Chronicle,
        aftermath: &mut Aftermath,
    ) -> Option<Arc<Holding<T>>> {
        let replaced = self.holding.swap(Some(Arc::clone(holding)));
        self.current.replace(Some(Arc::clone(holding)));
        life.came_up(number, aftermath);
        replaced
    }

    /// Takes the value out while the life's lock is held: before its death is told, so that whoever
    /// has heard of that is refused.
    fn take(&self) -> Option<Arc<Holding<T>>> {
        let gone = self.holding.swap(None)?;
        self.current.replace(None);
        Some(gone)
    }

    /// Lets nobody more use a value that was taken out. It is dropped with the last lease, which
    /// may be right now.
    pub(super) fn put_away(&self, gone: Option<Arc<Holding<T>>>) {
        if let Some(gone) = gone {
            let mut past = self.past();
            past.retain(|past| past.strong_count() > 0);
            past.push(Arc::downgrade(&gone));
            drop(past);
            gone.gate.close();
        }
        // What is not leased by a mark any more is not kept by one.
        hazard::sweep();
    }

    /// Waits until nobody holds a lease on a value that is not there any more.
    pub(super) fn wait_given_back(&self, deadline: Duration) -> DrainReport {
        let started = Instant::now();
        let mut report = DrainReport::none(self.name());
        let past: Vec<_> = self.past().iter().filter_map(Weak::upgrade).collect();
        for holding in past {
            let left = deadline.saturating_sub(started.elapsed());
            report.add(self.wait_for(&holding, left));
        }
        hazard::sweep();
        self.note_drained();
        report
    }

    fn wait_for(&self, holding: &Holding<T>, deadline: Duration) -> DrainReport {
        let limit = if inside_handler() {
            Duration::ZERO
        } else {
            deadline
        };
        match holding.gate.wait_idle(limit) {
            Idle::Reached => DrainReport::none(self.name()),
            Idle::Busy(outstanding) => DrainReport {
                resource: self.name(),
                outstanding,
                holders: holding.holders(),
            },
        }
    }

    fn note_drained(&self) {
        if !self.is_leased() {
            self.life.change(|life, _| life.step(Step::Drained));
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

impl DrainReport {
    pub(super) fn none(resource: &'static str) -> Self {
        DrainReport {
            resource,
            outstanding: 0,
            holders: Vec::new(),
        }
    }

    /// Adds what another wait found, by the name of its resource where that is another.
    fn add(&mut self, other: DrainReport) {
        self.outstanding += other.outstanding;
        let resource = other.resource;
        let is_other = resource != self.resource;
        self.holders.extend(other.holders.into_iter().map(|holder| {
            if is_other {
                format!("{resource}: {holder}")
            } else {
                holder
            }
        }));
    }
}

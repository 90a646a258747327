//! How a resource is opened: by whoever asks for it, and by itself after it died.
//!
//! Everything that opens a resource goes over one thread, which exists only while the resource is
//! wanted and not there. So its opener never runs twice at a time, and whoever waits for it has a
//! deadline, however long it takes.

use std::{
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    DownCause, Need, NotStarted, Resource,
    awaiting::{self, Awaiting},
    chronicle::Chronicle,
    holding::Holding,
    keeping::Missing,
    life::Turn,
    order::in_order,
    tenure::{End, Fall, put_away},
};
use crate::{queue::Runtime, reason::SkipReason};

/// How long a start is waited for, unless another deadline is given.
const START_DEADLINE: Duration = Duration::from_secs(5);

impl<T: Send + Sync + 'static> Resource<T> {
    /// Opens the resource, and before it those that it needs, unless they are there; waits for it,
    /// for five seconds at most.
    ///
    /// Whoever calls this while it is being opened waits for that very attempt. From then on the
    /// resource is opened again by itself after each failure, as its policy says, until it is
    /// revoked.
    ///
    /// # Errors
    ///
    /// If the opener failed, with what it said; of reason `timed_out` if it was not done at the
    /// deadline, when it goes on and its value is taken later; of reason `shutting_down` if it was
    /// revoked meanwhile; if there is no opener and nobody has provided it; if it is the opener
    /// that waits; or if resources, or openers, need each other in a circle.
    pub fn ensure_started(&'static self) -> Result<(), NotStarted> {
        self.ensure_started_within(START_DEADLINE)
    }

    /// As [`ensure_started`](Resource::ensure_started), with another deadline.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn ensure_started_within(&'static self, deadline: Duration) -> Result<(), NotStarted> {
        let order = in_order(&[self]).map_err(|cycle| {
            let cause = DownCause::new(SkipReason::Unavailable, cycle.to_string());
            NotStarted::new(self.name(), cause)
        })?;
        start_all(&order, deadline).map_or(Ok(()), Err)
    }

    /// Waits until the resource can be leased, whoever provides or opens it. Asks for nothing.
    ///
    /// # Errors
    ///
    /// Of reason `timed_out` at the deadline, with what is known of why it is not there; or at
    /// once in its own opener.
    pub fn wait_ready(&self, deadline: Duration) -> Result<(), NotStarted> {
        self.life.check_not_kept_here()?;
        self.life.wait_serving(deadline, deadline)
    }

    /// Whether this is what its opener runs.
    #[cfg(feature = "ractor")]
    pub(crate) fn is_opened_here(&self) -> bool {
        self.life.read(|life| life.keeping.opening_here().is_some())
    }

    /// Asks for an attempt now. Returns the one that answers; `None` without an opener.
    pub(super) fn urge(&'static self) -> Option<u64> {
        self.opener.as_ref()?;
        self.depend_on_needs();
        // What it takes the place of is dropped without the lock.
        let mut runtime = Runtime::current();
        let answered = self.life.change(|life, _| {
            if life.readiness.is_serving() {
                return 0;
            }
            if runtime.is_some() {
                mem::swap(&mut life.keeping.runtime, &mut runtime);
            }
            life.keeping.urge()
        });
        self.tend();
        Some(answered)
    }

    /// Asks for it to be opened again after a death, if its policy has room for that. A death with
    /// what it needs is not its own, and not counted.
    pub(super) fn want_back(&self, end: End, life: &mut Chronicle) {
        if self.opener.is_none() || !self.restart.by_itself {
            return;
        }
        if matches!(end, End::Fell(_)) {
            life.keeping.ask_in(self.restart.delay(0));
            return;
        }
        match life.keeping.restarts.count(&self.restart, Instant::now()) {
            Ok(()) => life.keeping.ask_in(self.restart.delay(0)),
            Err(gave_up) => life.give_up(gave_up),
        }
    }

    /// Sees to it that a thread opens it, if it is wanted.
    pub(super) fn tend(&'static self) {
        self.life.keep(&self.restart, move || self.keep());
    }

    /// The same where no thread could be had before; otherwise it takes no lock.
    pub(crate) fn tend_again(&'static self) {
        if self.life.misses_thread() {
            self.tend();
        }
    }

    fn keep(&'static self) {
        loop {
            let nudges = self.life.read(|life| life.keeping.nudges);
            // Before the look at what is missing, so that none dies unseen in between.
            let deaths = self.deaths_of_needs();
            let missing = self.missing();
            match self.life.next_turn(nudges, missing.as_ref()) {
                Turn::Open(number) => self.open(number, &deaths),
                Turn::Fail(cause) => self.life.opening_lacks(nudges, cause, &self.restart),
                Turn::LookAgain => {}
                Turn::Leave => return,
            }
        }
    }

    fn open(&'static self, number: u64, deaths: &[u64]) {
        let Some(opener) = &self.opener else { return };
        let runtime: Option<Runtime> = self.life.read(|life| life.keeping.runtime.clone());
        let open = || awaiting::opening(self, || opener.open());
        let result = match runtime {
            Some(runtime) => runtime.within(open),
            None => open(),
        };
        match result {
            Ok(value) => self.opened(number, value, deaths),
            Err(cause) => self.life.opening_failed(cause, &self.restart),
        }
    }

    fn opened(&'static self, number: u64, value: T, deaths: &[u64]) {
        // What is not taken is dropped here, and so without the lock.
        let mut holding = Some(Arc::new(Holding::new(value)));
        let outlived = self.outlived(deaths);
        let replaced = self.life.change(|life, aftermath| {
            let unborn = life.keeping.returned()?;
            if let Some(cause) = unborn.stillborn().or(outlived.as_ref()) {
                life.attempt_failed(cause.clone(), &self.restart, aftermath);
                return None;
            }
            let holding = holding.take()?;
            life.keeping.succeeded();
            life.stands_on = deaths.to_vec();
            let replaced = self.install(holding, number, life, aftermath);
            if let Some(cause) = unborn.into_unwatched() {
                life.watch_lost(number, cause);
            }
            replaced
        });
        put_away(replaced);
        drop(holding);
        // What it needs may have gone since the look at it.
        if let Some(cause) = self.outlived(deaths) {
            self.end(End::Fell(Fall::Number(number)), cause);
        }
    }

    /// Why a value that was being opened when needs had died so often is not worth anything: as
    /// what stands on them is told.
    fn outlived(&self, deaths: &[u64]) -> Option<DownCause> {
        let mut needs = self.needs.iter().zip(self.deaths_of_needs()).zip(deaths);
        let ((died, _), _) = needs.find(|((_, now), before)| now != *before)?;
        let name = died.name();
        let told = died.life().if_refused(|refused| match refused.cause() {
            Some(cause) => DownCause::of_need(name, cause),
            None => DownCause::of_revoked_need(name),
        });
        let is_back = || format!("needs `{name}`, which went down while it was opened").into();
        Some(told.unwrap_or_else(is_back))
    }

    /// What it cannot be opened without.
    fn missing(&self) -> Option<Missing> {
        self.needs.iter().find_map(|need| {
            let name = need.name();
            let (is_leaving, is_coming, refusal) = need.life().read(|life| {
                let refusal = life.refusal(name);
                (life.leaving > 0, life.keeping.is_coming(), refusal)
            });
            if is_leaving {
                return Some(Missing::Gone(DownCause::of_revoked_need(name)));
            }
            let refusal = refusal?;
            if is_coming {
                return Some(Missing::Coming);
            }
            let text = match refusal.cause() {
                Some(cause) => format!("needs `{name}`, which is down: {cause}"),
                None => format!("needs `{name}`, which is {}", need.readiness()),
            };
            Some(Missing::Gone(DownCause::new(refusal.reason(), text)))
        })
    }

    pub(super) fn deaths_of_needs(&self) -> Vec<u64> {
        let deaths = |need: &&dyn Need| need.life().read(|life| life.deaths);
        self.needs.iter().map(deaths).collect()
    }

    /// Goes down with them from now on, and hears when they come up.
    pub(super) fn depend_on_needs(&'static self) {
        for need in self.needs {
            need.life().depend(self);
        }
    }
}

/// Opens these, which are in the order of their needs, as far as they are not there: side by side
/// where none needs another. Returns the first failure.
pub(crate) fn start_all(order: &[&'static dyn Need], deadline: Duration) -> Option<NotStarted> {
    let started = Instant::now();
    let answers: Vec<_> = order.iter().map(|each| begin(*each)).collect();
    let failures = order.iter().zip(answers).filter_map(|(each, answered)| {
        let left = deadline.saturating_sub(started.elapsed());
        let answered = answered.and_then(|answered| {
            let not_started = |cause| NotStarted::new(each.name(), cause);
            let _awaiting = Awaiting::begin(*each).map_err(not_started)?;
            each.life().wait_started(answered, left, deadline)
        });
        answered.err()
    });
    // All are waited for, so that each has its chance.
    failures.fold(None, |first, failure| first.or(Some(failure)))
}

fn begin(resource: &'static dyn Need) -> Result<u64, NotStarted> {
    let life = resource.life();
    life.check_not_kept_here()?;
    let answered = resource.begin_opening();
    if let Some(answered) = answered {
        return Ok(answered);
    }
    match life.if_refused(Clone::clone) {
        None => Ok(0),
        Some(refusal) => {
            let cause = refusal.cause().cloned();
            let cause =
                cause.unwrap_or_else(|| "it has no opener, and nobody has provided it".into());
            Err(NotStarted::new(resource.name(), cause))
        }
    }
}

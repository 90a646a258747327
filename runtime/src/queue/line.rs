//! What waits in a queue, whoever serves it.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    thread::Thread,
};

use super::{Job, Refused};
use crate::{contain, held::Held, sync};

/// Jobs in order, and those who wait: the worker for the next one, others for the end of one.
/// Jobs and wakers are others' code, which runs under no lock.
#[derive(Debug)]
pub(super) struct Line {
    capacity: usize,
    /// How many jobs wait, or are being made.
    waiting: AtomicUsize,
    /// What the state says too, for a look without the lock.
    is_served: AtomicBool,
    state: Held<State>,
    /// Whoever runs a job now.
    thread: Mutex<Option<Thread>>,
}

struct State {
    service: Service,
    jobs: VecDeque<Job>,
    /// The number of the last job that was queued; the first is 1.
    last: u64,
    /// The number of the last job that has come to its end, as have all before it.
    passed: u64,
    worker: Option<Waker>,
    awaiting: Vec<(u64, Waker)>,
}

/// Whether jobs are worked off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Service {
    Served,
    /// The worker has gone, and what it left is being dropped.
    Leaving,
    Unserved,
    /// For ever.
    Ended,
}

/// Room for one job.
pub(super) struct Room<'a>(&'a Line);

impl Line {
    pub(super) fn new(capacity: usize) -> Self {
        let state = State::new(Service::Served);
        Line {
            capacity,
            waiting: AtomicUsize::new(0),
            is_served: AtomicBool::new(true),
            state: Held::new(state),
            thread: Mutex::default(),
        }
    }

    /// Room for a job, if there is some and somebody serves.
    pub(super) fn room(&self) -> Result<Room<'_>, Refused> {
        if !self.is_served.load(Ordering::Acquire) {
            return Err(Refused::Unserved);
        }
        let one_more = |waiting| (waiting < self.capacity).then_some(waiting + 1);
        let relaxed = Ordering::Relaxed;
        let taken = self.waiting.fetch_update(relaxed, relaxed, one_more);
        taken.map(|_| Room(self)).map_err(|_| Refused::Full)
    }

    /// The number of the last job.
    pub(super) fn last(&self) -> u64 {
        self.lock().last
    }

    /// Ready once the job of this number has come to its end.
    pub(super) fn poll_passed(&self, number: u64, context: &Context<'_>) -> Poll<()> {
        let waker = context.waker().clone();
        let mut state = self.lock();
        if state.passed >= number {
            drop(state);
            return Poll::Ready(());
        }
        let mut awaiting = state.awaiting.iter();
        if !awaiting.any(|(other, known)| *other == number && known.will_wake(&waker)) {
            state.awaiting.push((number, waker));
        }
        Poll::Pending
    }

    /// The next job, with its number, once that of the number `passed` has come to its end; `None` once
    /// the line has ended.
    pub(super) fn poll_next(&self, passed: u64, context: &Context<'_>) -> Poll<Option<(u64, Job)>> {
        let waker = context.waker().clone();
        let mut state = self.lock();
        let reached = state.pass(passed);
        let has_ended = state.service == Service::Ended;
        let job = state.jobs.pop_front();
        let number = state.last - state.jobs.len() as u64;
        let replaced = match &job {
            Some(_) => state.worker.take(),
            None => state.worker.replace(waker),
        };
        drop(state);
        drop(replaced);
        reached.into_iter().for_each(contain::wake);
        match job {
            Some(job) => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                Poll::Ready(Some((number, job)))
            }
            None if has_ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }

    /// The worker goes: what it did not run is dropped.
    pub(super) fn leave(&self) {
        self.drop_all(Service::Leaving);
        let mut state = self.lock();
        if state.service == Service::Leaving {
            state.service = Service::Unserved;
        }
    }

    /// Ends it for ever.
    pub(super) fn end(&self) {
        self.drop_all(Service::Ended);
        let worker = self.lock().worker.take();
        worker.into_iter().for_each(contain::wake);
    }

    fn drop_all(&self, service: Service) {
        let mut state = self.lock();
        if state.service != Service::Ended {
            state.service = service;
        }
        self.is_served.store(false, Ordering::Release);
        let jobs = std::mem::take(&mut state.jobs);
        let last = state.last;
        drop(state);
        self.waiting.fetch_sub(jobs.len(), Ordering::Relaxed);
        jobs.into_iter().for_each(drop_job);
        if service == Service::Leaving {
            let reached = self.lock().pass(last);
            reached.into_iter().for_each(contain::wake);
        }
    }

    /// Another worker comes; whether there was none.
    pub(super) fn take_over(&self) -> bool {
        let mut state = self.lock();
        let is_free = state.service == Service::Unserved;
        if is_free {
            state.service = Service::Served;
            self.is_served.store(true, Ordering::Release);
        }
        is_free
    }

    pub(super) fn is_unserved(&self) -> bool {
        matches!(self.lock().service, Service::Leaving | Service::Unserved)
    }

    pub(super) fn thread(&self) -> Option<Thread> {
        self.lock_thread().clone()
    }

    /// Says which thread runs a job now.
    pub(super) fn set_thread(&self, thread: Option<Thread>) {
        let earlier = std::mem::replace(&mut *self.lock_thread(), thread);
        drop(earlier);
    }

    fn lock(&self) -> sync::MutexGuard<'_, State> {
        // In a child of a fork the worker is not there.
        self.state.lock(&|| State::new(Service::Unserved))
    }

    fn lock_thread(&self) -> MutexGuard<'_, Option<Thread>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn new(service: Service) -> Self {
        State {
            service,
            jobs: VecDeque::new(),
            last: 0,
            passed: 0,
            worker: None,
            awaiting: Vec::new(),
        }
    }

    /// The job of this number, and all before it, have come to their end. Gives those who waited for
    /// that, to be woken once the lock is left.
    fn pass(&mut self, number: u64) -> Vec<Waker> {
        self.passed = self.passed.max(number);
        let passed = self.passed;
        let reached = self.awaiting.extract_if(.., |(last, _)| *last <= passed);
        reached.map(|(_, waker)| waker).collect()
    }
}

impl Room<'_> {
    /// Queues the job; one that comes just after the worker has gone is dropped.
    pub(super) fn fill(self, job: Job) {
        let mut state = self.0.lock();
        if state.service != Service::Served {
            drop(state);
            return drop_job(job);
        }
        state.jobs.push_back(job);
        state.last += 1;
        let worker = state.worker.take();
        drop(state);
        let line = self.0;
        std::mem::forget(self);
        // In a child of a fork nobody is woken: a runtime may have left its locks held there.
        if let Some(worker) = worker
            && !line.state.is_inherited()
        {
            contain::wake(worker);
        }
    }
}

/// The job was not made, or not wanted any more.
impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Drops a job, whose drop is others' code.
pub(super) fn drop_job(job: Job) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(job))) {
        contain::dispose(payload);
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("service", &self.service)
            .field("jobs", &self.jobs.len())
            .finish_non_exhaustive()
    }
}

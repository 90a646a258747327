//! What waits in a queue, whoever serves it.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    thread::Thread,
};

use super::{Job, Refused};
use crate::contain;

/// Jobs in order, and those who wait: the worker for the next one, others for the end of one.
/// Jobs and wakers are others' code, which runs under no lock.
#[derive(Debug)]
pub(super) struct Line {
    capacity: usize,
    state: Mutex<State>,
    /// Whoever runs a job now.
    thread: Mutex<Option<Thread>>,
}

struct State {
    service: Service,
    jobs: VecDeque<Job>,
    /// Room that is taken for jobs which are being made.
    promised: usize,
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
        let state = State {
            service: Service::Served,
            jobs: VecDeque::new(),
            promised: 0,
            last: 0,
            passed: 0,
            worker: None,
            awaiting: Vec::new(),
        };
        Line {
            capacity,
            state: Mutex::new(state),
            thread: Mutex::default(),
        }
    }

    /// Room for a job, if there is some and somebody serves.
    pub(super) fn room(&self) -> Result<Room<'_>, Refused> {
        let mut state = self.lock();
        if state.service != Service::Served {
            return Err(Refused::Unserved);
        }
        if state.jobs.len() + state.promised >= self.capacity {
            return Err(Refused::Full);
        }
        state.promised += 1;
        Ok(Room(self))
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

    /// The next job, with its number; `None` once the line has ended.
    pub(super) fn poll_next(&self, context: &Context<'_>) -> Poll<Option<(u64, Job)>> {
        let waker = context.waker().clone();
        let mut state = self.lock();
        if state.service == Service::Ended {
            return Poll::Ready(None);
        }
        let job = state.jobs.pop_front();
        let waiting = state.jobs.len() as u64;
        let number = state.last - waiting;
        let replaced = match &job {
            Some(_) => state.worker.take(),
            None => state.worker.replace(waker),
        };
        drop(state);
        drop(replaced);
        job.map_or(Poll::Pending, |job| Poll::Ready(Some((number, job))))
    }

    /// The job of this number, and all before it, have come to their end.
    pub(super) fn pass(&self, number: u64) {
        let mut state = self.lock();
        state.passed = state.passed.max(number);
        let passed = state.passed;
        let awaiting = &mut state.awaiting;
        let reached: Vec<_> = awaiting
            .extract_if(.., |(last, _)| *last <= passed)
            .collect();
        drop(state);
        for (_, waker) in reached {
            waker.wake();
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
        worker.into_iter().for_each(Waker::wake);
    }

    fn drop_all(&self, service: Service) {
        let mut state = self.lock();
        if state.service != Service::Ended {
            state.service = service;
        }
        let jobs = std::mem::take(&mut state.jobs);
        let last = state.last;
        drop(state);
        jobs.into_iter().for_each(drop_job);
        if service == Service::Leaving {
            self.pass(last);
        }
    }

    /// Another worker comes; whether there was none.
    pub(super) fn take_over(&self) -> bool {
        let mut state = self.lock();
        let is_free = state.service == Service::Unserved;
        if is_free {
            state.service = Service::Served;
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

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_thread(&self) -> MutexGuard<'_, Option<Thread>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
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
        state.promised -= 1;
        let worker = state.worker.take();
        drop(state);
        std::mem::forget(self);
        worker.into_iter().for_each(Waker::wake);
    }
}

/// The job was not made, or not wanted any more.
impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.0.lock().promised -= 1;
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

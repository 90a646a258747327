//! A bounded queue of work for one handler, served by one worker in order.

mod line;
#[cfg(feature = "tokio")]
mod tokio_runtime;
#[cfg(not(feature = "tokio"))]
mod without_runtime;
mod worker;

#[cfg(all(test, not(loom)))]
mod tests;

use std::{
    future::{Future, poll_fn},
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, Thread},
};

#[cfg(feature = "tokio")]
pub(crate) use self::tokio_runtime::{Runtime, Task};
#[cfg(not(feature = "tokio"))]
pub(crate) use self::without_runtime::{Runtime, Task};
use self::{line::Line, worker::Serving};
use crate::{blocking::block_on, registry::last_segment};

/// What waits for its turn. It must know by itself that it was dropped instead.
pub(crate) type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Why nothing can be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// As many jobs wait as may.
    Full,
    /// Nobody serves it, or it has ended.
    Unserved,
}

/// Who works a queue off.
#[derive(Debug)]
pub(crate) enum Server {
    /// A task, for code that awaits.
    Task(Runtime),
    /// A thread of its own, for code that may block. It is in the runtime, if there is one.
    Thread {
        handler: Arc<str>,
        runtime: Option<Runtime>,
    },
}

/// The sending end.
#[derive(Debug)]
pub(crate) struct Queue {
    line: Arc<Line>,
    server: Server,
    /// The task that serves it, to be aborted.
    task: Mutex<Option<Task>>,
    /// Whether it was told that nobody serves it.
    told: AtomicBool,
}

impl Queue {
    /// A queue that is served.
    pub(crate) fn start(server: Server, capacity: usize) -> io::Result<Self> {
        let queue = Queue {
            line: Arc::new(Line::new(capacity)),
            server,
            task: Mutex::default(),
            told: AtomicBool::new(false),
        };
        queue.serve()?;
        Ok(queue)
    }

    /// Queues a job, which is made only if there is room for it. Where the worker has gone, another
    /// one takes its place, if it can.
    pub(crate) fn push(&self, job: impl FnOnce() -> Job) -> Result<(), Refused> {
        let room = match self.line.room() {
            Err(Refused::Unserved) if self.is_served_again() => self.line.room(),
            room => room,
        };
        room?.fill(job());
        Ok(())
    }

    /// Ready once all that was queued before this call has been run or dropped.
    pub(crate) fn passed(&self) -> impl Future<Output = ()> + Send + use<> {
        let line = Arc::clone(&self.line);
        let last = line.last();
        poll_fn(move |context| line.poll_passed(last, context))
    }

    /// Drops what is still queued, and what is awaiting something. Code that runs goes on.
    pub(crate) fn abort(&self) {
        self.line.end();
        let task = self.task().take();
        task.into_iter().for_each(Task::abort);
    }

    /// Whether it was left without a worker, which the runtime took with it.
    pub(crate) fn is_unserved(&self) -> bool {
        self.line.is_unserved()
    }

    /// Whether nobody was told yet that it has no worker.
    pub(crate) fn is_to_be_told(&self) -> bool {
        self.is_unserved() && !self.told.swap(true, Ordering::Relaxed)
    }

    /// The thread that runs a job at this moment; one that awaits something is on none.
    pub(crate) fn thread(&self) -> Option<Thread> {
        self.line.thread()
    }

    fn serve(&self) -> io::Result<()> {
        let serving = Serving::new(&self.line);
        match &self.server {
            Server::Task(runtime) => self.serve_on(runtime, serving),
            Server::Thread { handler, runtime } => {
                let runtime = runtime.clone();
                let name = format!("gambeson-{}", last_segment(handler)).replace('\0', "");
                let serve = move || block_on(serving.serve());
                thread::Builder::new()
                    .name(name)
                    .spawn(move || match runtime {
                        Some(runtime) => runtime.within(serve),
                        None => serve(),
                    })?;
            }
        }
        Ok(())
    }

    fn serve_on(&self, runtime: &Runtime, serving: Serving) {
        let task = runtime.spawn(serving.serve());
        *self.task() = Some(task);
    }

    /// Takes the place of a worker that has gone: a task by one on the runtime that this thread is
    /// in, since its own runtime is gone.
    fn is_served_again(&self) -> bool {
        if !self.line.take_over() {
            return false;
        }
        match &self.server {
            Server::Thread { .. } => drop(self.serve()),
            Server::Task(_) => match Runtime::current() {
                Some(runtime) => self.serve_on(&runtime, Serving::new(&self.line)),
                None => drop(Serving::new(&self.line)),
            },
        }
        let is_served = !self.line.is_unserved();
        if is_served {
            self.told.store(false, Ordering::Relaxed);
        }
        is_served
    }

    fn task(&self) -> MutexGuard<'_, Option<Task>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.abort();
    }
}

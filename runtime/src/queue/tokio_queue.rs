//! The queue on tokio.

use arc_swap::ArcSwapOption;
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot, watch,
    },
    task::AbortHandle,
};

use super::{CAPACITY, Job, Refused};
use crate::contain;

/// The runtime that serves async handlers.
#[derive(Clone, Debug)]
pub(crate) struct Runtime(Handle);

impl Runtime {
    pub(crate) fn of(handle: Handle) -> Self {
        Runtime(handle)
    }

    /// The runtime this thread is in, if it is in one.
    pub(crate) fn current() -> Option<Self> {
        Handle::try_current().ok().map(Runtime)
    }

    /// Runs code with this thread being in it.
    pub(crate) fn within<R>(&self, code: impl FnOnce() -> R) -> R {
        let _entered = self.0.enter();
        code()
    }

    /// Whether a blocking wait on this thread would stop the only worker it waits for.
    pub(crate) fn blocks_here() -> bool {
        let is_worker = || tokio::task::try_id().is_some();
        Handle::try_current().is_ok_and(|handle| match handle.runtime_flavor() {
            RuntimeFlavor::CurrentThread => true,
            _ => handle.metrics().num_workers() == 1 && is_worker(),
        })
    }

    /// Runs what may block, told whether it would stop the only worker it waits for. A task of a
    /// runtime with several threads hands its worker over before.
    pub(crate) fn step_aside<R>(run: impl FnOnce(bool) -> R) -> R {
        if !contain::UNWINDS || !is_task_of_threads() {
            return run(Runtime::blocks_here());
        }
        // Only a `LocalSet` refuses, by a panic: it looks like a worker, and is not one.
        match contain::attempt(|| tokio::task::block_in_place(|| ())) {
            Some(()) => tokio::task::block_in_place(|| run(false)),
            None => run(false),
        }
    }

    /// Before a blocking wait: a task that this worker has woken up waits for this worker, until
    /// a later one takes its place and it may go to another.
    pub(crate) fn pass_on_next_task() {
        if let Ok(handle) = Handle::try_current() {
            handle.spawn(async {});
        }
    }
}

fn is_task_of_threads() -> bool {
    let is_multi_thread = |handle: Handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread;
    Handle::try_current().is_ok_and(is_multi_thread) && tokio::task::try_id().is_some()
}

/// The sending end, until the other one has gone, and the worker there.
#[derive(Debug)]
pub(crate) struct Queue {
    sender: ArcSwapOption<mpsc::Sender<Job>>,
    worker: AbortHandle,
    /// Closed once the worker has dropped all that it did not run.
    ended: watch::Receiver<()>,
}

/// What the worker owns, dropped in this order.
struct Worker {
    receiver: mpsc::Receiver<Job>,
    _ending: watch::Sender<()>,
}

impl Worker {
    async fn serve(mut self) {
        while let Some(job) = self.receiver.recv().await {
            job.await;
        }
    }
}

impl Queue {
    pub(crate) fn start(runtime: &Runtime) -> Self {
        let (sender, receiver) = mpsc::channel::<Job>(CAPACITY);
        let (ending, ended) = watch::channel(());
        let worker = Worker {
            receiver,
            _ending: ending,
        };
        Queue {
            sender: ArcSwapOption::from_pointee(sender),
            worker: runtime.0.spawn(worker.serve()).abort_handle(),
            ended,
        }
    }

    /// Ready once all that was queued before the first poll has been run or dropped: a marker has
    /// gone through the queue behind it, or the worker has ended.
    pub(crate) fn passed(&self) -> impl Future<Output = ()> + Send + use<> {
        let sender = self.sender.load_full();
        let mut ended = self.ended.clone();
        async move {
            if let Some(sender) = sender {
                let (run, is_run) = oneshot::channel();
                let marker = async move {
                    let _ = run.send(());
                };
                if let Ok(room) = sender.reserve().await {
                    room.send(Box::pin(marker));
                }
                // A marker that came just after the worker had gone would stay for ever.
                let has_ended = sender.is_closed();
                drop(sender);
                if !has_ended && is_run.await.is_ok() {
                    return;
                }
            }
            while ended.changed().await.is_ok() {}
        }
    }

    /// Queues a job, which is made only if there is room for it.
    pub(crate) fn push(&self, job: impl FnOnce() -> Job) -> Result<(), Refused> {
        let sender = self.sender.load();
        let sender = sender.as_deref().ok_or(Refused::Ended)?;
        match sender.try_reserve() {
            Ok(room) => room.send(job()),
            Err(TrySendError::Full(())) => return Err(Refused::Full),
            Err(TrySendError::Closed(())) => return Err(Refused::Ended),
        }
        // A job that came just after the worker had gone is dropped with the last sender.
        if sender.is_closed() {
            self.sender.store(None);
        }
        Ok(())
    }

    /// Drops what is still queued or running.
    pub(crate) fn abort(&self) {
        self.worker.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_job_that_comes_while_the_runtime_ends_is_dropped() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let queue = Queue::start(&Runtime::of(runtime.handle().clone()));
        let job = Arc::new(());
        let held = Arc::clone(&job);
        let pushed = queue.push(|| {
            drop(runtime);
            Box::pin(async move { drop(held) })
        });
        assert!(pushed.is_ok(), "there was room for it");
        assert_eq!(Arc::strong_count(&job), 1, "nobody will ever run it");
        assert!(matches!(
            queue.push(|| Box::pin(async {})),
            Err(Refused::Ended)
        ));
    }
}

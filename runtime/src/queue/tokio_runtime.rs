//! Runtimes of tokio.

use std::future::Future;

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::AbortHandle,
};

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

    /// A task in it, which is dropped at once where the runtime is gone.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> Task {
        Task(self.0.spawn(work).abort_handle())
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
        if !contain::UNWINDS || contain::in_panic_hook() || !is_task_of_threads() {
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

/// A task, to be ended before its time.
#[derive(Debug)]
pub(crate) struct Task(AbortHandle);

impl Task {
    pub(super) fn abort(self) {
        self.0.abort();
    }
}

//! The queue on tokio.

use std::{pin::pin, sync::Arc};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::mpsc::{self, error::TrySendError},
    task::AbortHandle,
};

use super::CAPACITY;
use crate::{
    call::{Attempt, Call, guarded},
    config::Settings,
    contain,
    event::{Event, OwnedEvent},
    gate::{Gate, OwnedPass},
    handler::{Entry, Run, Runner},
    reason::SkipReason,
    telemetry::Core,
};

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

    /// Whether a blocking wait on this thread would stop the workers it waits for.
    pub(crate) fn blocks_here() -> bool {
        Handle::try_current()
            .is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::CurrentThread)
    }
}

/// The sending end of a handler's queue.
#[derive(Debug)]
pub(crate) struct Queue {
    sender: mpsc::Sender<Job>,
    worker: AbortHandle,
}

/// A call that waits for its turn; it keeps the handler's gate busy until it has ended.
struct Job {
    core: Arc<Core>,
    pass: OwnedPass<Entry>,
    event: OwnedEvent,
    settings: Settings,
    started: bool,
}

impl Queue {
    pub(crate) fn start(runtime: &Runtime) -> Self {
        let (sender, mut receiver) = mpsc::channel::<Job>(CAPACITY);
        let worker = runtime.0.spawn(async move {
            while let Some(job) = receiver.recv().await {
                job.run().await;
            }
        });
        Queue {
            sender,
            worker: worker.abort_handle(),
        }
    }

    /// Counts the event and queues it, or skips it.
    pub(crate) fn push(
        &self,
        core: &Arc<Core>,
        entry: &Arc<Entry>,
        event: &Event<'_>,
        settings: Settings,
    ) {
        let call = Call {
            core,
            entry,
            settings,
        };
        Attempt::enqueue(call, event, || {
            let pass = Gate::enter_owned(entry.clone()).ok_or(SkipReason::ShuttingDown)?;
            let permit = self.sender.try_reserve().map_err(|full| match full {
                TrySendError::Full(()) => SkipReason::Overloaded,
                TrySendError::Closed(()) => SkipReason::ShuttingDown,
            })?;
            let (core, event) = (core.clone(), event.to_owned());
            permit.send(Job {
                core,
                pass,
                event,
                settings,
                started: false,
            });
            Ok(())
        });
    }

    /// Gives up on what is still queued or running.
    pub(crate) fn abort(&self) {
        self.worker.abort();
    }
}

impl Job {
    async fn run(mut self) {
        self.started = true;
        let (measurements, metadata) = (self.event.measurements(), self.event.metadata());
        let event = self.event.lend(&measurements, &metadata);
        let entry = self.pass.owner();
        let call = Call {
            core: &self.core,
            entry,
            settings: self.settings,
        };
        let Runner::Annotated(Run::Async(run)) = &entry.runner else {
            return;
        };
        let Ok(attempt) = Attempt::resume(call, &event) else {
            return;
        };
        let future = match attempt.run(|_| run(&call, &event)) {
            Ok(future) => future,
            Err(caught) => return drop(attempt.panicked(caught)),
        };
        let answer = guarded(&attempt, pin!(Some(future))).await;
        // Nobody is there to go on with it: what strict mode would raise has been told.
        if let Some(payload) = attempt.complete(answer).raise {
            contain::dispose(payload);
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if !self.started {
            self.pass.owner().tally.skipped(SkipReason::ShuttingDown);
        }
    }
}

//! Events for async handlers: owned by a queue, and run when their turn has come.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
};

use crate::{
    call::{Attempt, Held, Target, guarded},
    config::Settings,
    contain,
    event::{Event, OwnedEvent},
    gate::{Gate, OwnedPass},
    handler::{Entry, Run, Runner},
    instance::{Core, scope},
    queue::{Job, Queue, Refused},
    reason::SkipReason,
};

/// Counts the event and queues it, or skips it.
pub(super) fn push(
    queue: &Queue,
    core: &Arc<Core>,
    entry: &Arc<Entry>,
    event: &Event<'_>,
    settings: Settings,
) {
    Attempt::enqueue(
        Target {
            core,
            entry,
            settings,
        },
        event,
        || {
            let pass = Gate::enter_owned(entry.clone()).ok_or(SkipReason::ShuttingDown)?;
            let waiting = || Waiting {
                core: core.clone(),
                pass,
                event: event.to_owned(),
                settings,
                started: false,
            };
            queue
                .push(|| in_scope(core, waiting().run()))
                .map_err(|refused| match refused {
                    Refused::Full => SkipReason::Overloaded,
                    Refused::Ended => SkipReason::ShuttingDown,
                })
        },
    );
}

/// Events of the handler go to its own telemetry, as where a handler runs on the emitter's thread.
fn in_scope(core: &Arc<Core>, run: impl Future<Output = ()> + Send + 'static) -> Job {
    if core.is_default() {
        return Box::pin(run);
    }
    let core = Arc::clone(core);
    Box::pin(async move {
        let mut run = pin!(run);
        poll_fn(|context| {
            let _entered = scope::Entered::new(&core);
            run.as_mut().poll(context)
        })
        .await;
    })
}

/// A call that waits for its turn; it keeps the handler's gate busy until it has ended.
struct Waiting {
    core: Arc<Core>,
    pass: OwnedPass<Entry>,
    event: OwnedEvent,
    settings: Settings,
    started: bool,
}

impl Waiting {
    async fn run(mut self) {
        self.started = true;
        let (measurements, metadata) = (self.event.measurements(), self.event.metadata());
        let event = self.event.lend(&measurements, &metadata);
        let entry = self.pass.owner();
        let target = Target {
            core: &self.core,
            entry,
            settings: self.settings,
        };
        let Runner::Annotated(Run::Async(run)) = &entry.runner else {
            return;
        };
        let Ok(attempt) = Attempt::resume(target, &event) else {
            return;
        };
        let call = attempt.call();
        let ended = match attempt.run(|_| run(&call, &event)) {
            Ok(future) => {
                let future = std::pin::pin!(Some(future));
                let answer = guarded(&attempt, Held::new(future)).await;
                attempt.complete(answer)
            }
            Err(caught) => attempt.panicked(caught),
        };
        // Nobody is there to go on with it: what strict mode would raise has been told.
        if let Some(payload) = ended.raise {
            contain::dispose(payload);
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.started {
            self.pass.owner().tally.skipped(SkipReason::ShuttingDown);
        }
    }
}

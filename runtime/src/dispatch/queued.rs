//! Events for async handlers: owned by a queue, and run when their turn has come.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
};

#[cfg(feature = "tracing-layer")]
use crate::running::Telling;
use crate::{
    call::{Attempt, Held, guarded},
    contain,
    context::InContext,
    event::{Event, OwnedEvent},
    gate::{Gate, OwnedPass},
    handler::{Bound, Run, Runner},
    hazard,
    instance::{Core, scope},
    queue::{Job, Refused},
    reason::SkipReason,
};

/// Counts the event and queues it, or skips it.
#[cold]
pub(super) fn push(core: &Arc<Core>, bound: &Bound, event: &Event<'_>) {
    let inside = bound.entry.gate.enter(hazard::here());
    Attempt::enqueue(bound, event, inside.is_some(), || {
        // It was made before the handler was attached.
        let queue = bound.entry.queue.get().ok_or(SkipReason::ShuttingDown)?;
        let bound = Arc::new(bound.clone());
        let pass = Gate::enter_owned(bound).ok_or(SkipReason::ShuttingDown)?;
        let waiting = || Waiting {
            pass,
            event: event.to_owned(),
            started: false,
        };
        queue
            .push(|| in_scope(core, waiting().run().in_current_context()))
            .map_err(|refused| match refused {
                Refused::Full => SkipReason::Overloaded,
                Refused::Ended => SkipReason::ShuttingDown,
            })
    });
}

/// Events of the handler go to its own telemetry, as where a handler runs on the emitter's thread.
fn in_scope(core: &Arc<Core>, run: impl Future<Output = ()> + Send + 'static) -> Job {
    #[cfg(feature = "tracing-layer")]
    let run = telling(run);
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

/// What the handler does through tracing is not told to it.
#[cfg(feature = "tracing-layer")]
async fn telling<F: Future>(run: F) -> F::Output {
    let mut run = pin!(run);
    poll_fn(|context| {
        let _telling = Telling::begin();
        run.as_mut().poll(context)
    })
    .await
}

/// A call that waits for its turn; it keeps the handler's gate busy until it has ended.
struct Waiting {
    pass: OwnedPass<Bound>,
    event: OwnedEvent,
    started: bool,
}

impl Waiting {
    async fn run(mut self) {
        self.started = true;
        let (measurements, metadata) = (self.event.measurements(), self.event.metadata());
        let event = self.event.lend(&measurements, &metadata);
        let bound = self.pass.owner();
        let Runner::Annotated(Run::Async(run)) = &bound.entry.runner else {
            return;
        };
        let Ok(attempt) = Attempt::resume(bound, &event) else {
            return;
        };
        let mut call = bound.call();
        let answer = match attempt.run(|| run(&call, &event)) {
            Ok(future) => {
                let future = std::pin::pin!(Some(future));
                guarded(&attempt, Held::new(future)).await
            }
            Err(caught) => Err(caught),
        };
        let ended = attempt.complete(&mut call, answer);
        // Nobody is there to go on with it: what strict mode would raise has been told.
        if let Some(payload) = ended.err().and_then(|mut ended| ended.take_raise()) {
            contain::dispose(payload);
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.started {
            self.pass
                .owner()
                .entry
                .tally
                .skipped(SkipReason::ShuttingDown);
        }
    }
}

//! Events for handlers off the emitter's thread: owned by a queue, and run when their turn has come.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
};

#[cfg(feature = "tracing-layer")]
use crate::running::Telling;
use crate::{
    call::{Attempt, Held, guarded},
    contain::{self, Caught, Payload},
    context::InContext,
    diagnostics::notice,
    event::{Event, OwnedEvent},
    gate::{Gate, OwnedPass},
    handler::{Bound, Run, Runner},
    hazard,
    instance::{Core, scope},
    queue::{Job, Queue, Refused},
    reason::SkipReason,
    running::Inside,
    verdict::{Call, Completion},
};

/// Counts the event and queues it, or skips it.
#[cold]
pub(super) fn push(core: &Arc<Core>, bound: &Bound, event: &Event<'_>) {
    let inside = bound.entry.gate.enter(hazard::here());
    Attempt::enqueue(bound, event, inside.is_some(), || {
        // It was made before the handler was attached.
        let queue = bound.entry.queue.get().ok_or(SkipReason::ShuttingDown)?;
        let pass = Gate::enter_owned(Arc::new(bound.clone())).ok_or(SkipReason::ShuttingDown)?;
        let waiting = || Waiting {
            pass,
            event: event.to_owned(),
            started: false,
        };
        queue
            .push(|| in_scope(core, waiting().run().in_current_context()))
            .map_err(|refused| match refused {
                Refused::Full => SkipReason::Overloaded,
                Refused::Unserved => {
                    tell_unserved(bound);
                    SkipReason::ShuttingDown
                }
            })
    });
}

/// Tells once that events are lost since nobody serves the queue any more.
fn tell_unserved(bound: &Bound) {
    let queue = bound.entry.queue.get();
    if queue.is_some_and(Queue::is_to_be_told) {
        notice::unserved(&bound.entry.id);
    }
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
        let Ok(attempt) = Attempt::resume(bound, &event) else {
            return;
        };
        let mut call = bound.call();
        let answer = answer(&attempt, &call, &event).await;
        let ended = attempt.complete(&mut call, answer);
        if let Some(payload) = ended.err().and_then(|mut ended| ended.take_raise()) {
            leave(bound, payload);
        }
    }
}

/// Runs the code of the call.
async fn answer<'a>(
    attempt: &Attempt<'a>,
    call: &Call<'a>,
    event: &Event<'_>,
) -> Result<Completion, Caught> {
    let bound = attempt.target();
    let Runner::Annotated(Run::Async(run)) = &bound.entry.runner else {
        let _nested = attempt.nested();
        return attempt.run(|| bound.run(call, event));
    };
    let future = pin!(Some(attempt.run(|| run(call, event))?));
    guarded(attempt, Held::new(future)).await
}

/// Leaves a panic that the emitter is not there to go on with. In strict mode the next flush or the
/// shutdown goes on with it.
fn leave(bound: &Bound, payload: Payload) {
    let _inside = Inside::enter();
    if bound.conduct.passes_through(&*payload) {
        contain::dispose(payload);
    } else {
        bound.conduct.unraised.keep(payload);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.started {
            let bound = self.pass.owner();
            bound.entry.tally.skipped(SkipReason::ShuttingDown);
            tell_unserved(bound);
        }
    }
}

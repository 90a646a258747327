//! Waiting until what is queued has been handled.

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use super::Telemetry;
use crate::{
    blocking::{elsewhere, poll_within},
    handler::Entry,
    hazard,
    instance::Core,
    queue::Runtime,
    running::inside_handler,
};

/// Handlers did not come to the end of what was queued for them; they go on.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "events were still queued for {} after {waited:?}; give the flush a longer deadline, and call \
     it where it does not block these handlers",
    handlers.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
)]
#[non_exhaustive]
pub struct FlushError {
    /// The handlers, in their order.
    pub handlers: Vec<String>,
    /// How long was waited.
    pub waited: Duration,
}

/// What `main` prints of an error that it returns is its `Debug`.
impl fmt::Debug for FlushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Telemetry {
    /// Waits until every event that was queued before this call has been handled or skipped, for
    /// `deadline` at most. What is queued meanwhile is not waited for, and nothing is detached.
    ///
    /// Only async handlers, and those with `queue = n`, have queues. Inside a handler, and where
    /// this thread is the only one that could run them, it only looks; there use
    /// [`flush_async`](Telemetry::flush_async).
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use gambeson::{Handler, Telemetry, emit};
    /// # let telemetry = Telemetry::isolated();
    /// telemetry.enter(|| emit!("shop.opened"));
    /// telemetry.flush(Duration::from_secs(5))?;
    /// # Ok::<(), gambeson::FlushError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If handlers have not come so far by then; the error names them.
    ///
    /// # Panics
    ///
    /// In strict mode, with the payload of the first panic of a queued handler since the last flush,
    /// whose emitter was not there any more to go on with it; not inside a handler, nor while the
    /// thread unwinds.
    pub fn flush(&self, deadline: Duration) -> Result<(), FlushError> {
        let flushed = self.core.flush(deadline);
        self.core.raise();
        flushed
    }

    /// As [`flush`](Telemetry::flush), without blocking the thread: on any async runtime, or none.
    /// It begins at once.
    ///
    /// # Errors
    ///
    /// As [`flush`](Telemetry::flush).
    ///
    /// # Panics
    ///
    /// As [`flush`](Telemetry::flush).
    pub fn flush_async(
        &self,
        deadline: Duration,
    ) -> impl Future<Output = Result<(), FlushError>> + Send + use<> {
        let core = Arc::clone(&self.core);
        let flushing = (!inside_handler()).then(|| {
            let core = Arc::clone(&core);
            elsewhere(move || core.flush(deadline))
        });
        let flushed = flushing.is_none().then(|| core.flush(Duration::ZERO));
        async move {
            let flushed = match flushing {
                Some(flushing) => flushing.await,
                None => flushed,
            };
            let flushed = flushed.unwrap_or_else(|| core.flush(Duration::ZERO));
            core.raise();
            flushed
        }
    }
}

impl Core {
    /// Goes on with the panic that a queued handler left, where that hurts nobody but the caller.
    pub(super) fn raise(&self) {
        if !inside_handler() {
            self.conduct.unraised.raise();
        }
    }

    fn flush(&self, deadline: Duration) -> Result<(), FlushError> {
        let mut flushing = self.busy_queues();
        if flushing.is_empty() {
            return Ok(());
        }
        let started = Instant::now();
        if !inside_handler() {
            Runtime::step_aside(|blocks_runtime| {
                let limit = if blocks_runtime {
                    Duration::ZERO
                } else {
                    deadline
                };
                poll_all(&mut flushing, limit);
            });
        }
        if flushing.is_empty() {
            return Ok(());
        }
        let mut handlers: Vec<_> = flushing
            .iter()
            .map(|one| one.entry.id.to_string())
            .collect();
        handlers.dedup();
        Err(FlushError {
            handlers,
            waited: started.elapsed(),
        })
    }

    /// A look at the handlers' marks and counts says for sure for whom nothing is queued.
    fn busy_queues(&self) -> Vec<Flushing> {
        let marked = hazard::look();
        let mut known = self.registry.known();
        known.retain(|entry| entry.is_queued() && entry.in_flight_of(&marked) > 0);
        let flushing = |entry: &Arc<Entry>| {
            let of = |passed| Flushing {
                entry: Arc::clone(entry),
                passed,
            };
            let passed = entry
                .queues()
                .map(|queue| of(Box::pin(queue.passed()) as _));
            passed.collect::<Vec<_>>()
        };
        known.iter().flat_map(flushing).collect()
    }
}

/// A queue whose end of this moment is awaited.
struct Flushing {
    entry: Arc<Entry>,
    passed: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Leaves those that are not ready in time.
fn poll_all(flushing: &mut Vec<Flushing>, limit: Duration) {
    let mut poll = |context: &mut Context<'_>| {
        flushing.retain_mut(|one| one.passed.as_mut().poll(context).is_pending());
        if flushing.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    };
    // What is only looked at is known to be busy.
    if limit.is_zero() {
        return;
    }
    Runtime::pass_on_next_task();
    poll_within(poll_fn(|context| poll(context)), limit);
}

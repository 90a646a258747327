//! A handler made by hand, of a closure.

use std::{fmt, sync::Arc, time::Duration};

use super::{Entry, Quarantine, Runner, Site};
use crate::{
    contain::Kept,
    event::Event,
    outcome::Outcome,
    pattern::{Pattern, PatternError},
    resource::Need,
    verdict::{IntoVerdict, Verdict},
};

/// A handler to [attach](crate::Telemetry::attach): a closure, or an annotated function by
/// [`handler!`](crate::handler).
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use gambeson::{Handler, Telemetry, emit};
///
/// static OPENED: AtomicU64 = AtomicU64::new(0);
///
/// let telemetry = Telemetry::isolated();
/// telemetry.attach(Handler::new("count_openings", "shop.opened", |_| {
///     OPENED.fetch_add(1, Ordering::Relaxed);
/// }))?;
/// telemetry.enter(|| emit!("shop.opened"));
/// assert_eq!(OPENED.load(Ordering::Relaxed), 1);
/// # Ok::<(), gambeson::AttachError>(())
/// ```
#[must_use = "a handler does nothing until it is attached"]
pub struct Handler {
    /// Nobody else has it until it is attached.
    pub(crate) entry: Arc<Entry>,
    pub(crate) malformed: Option<(String, PatternError)>,
}

impl Handler {
    /// A handler of this name for the events that match `pattern`.
    ///
    /// The closure returns `()`, an [`Outcome<()>`](crate::Outcome), or a `Result` whose error is
    /// classified by its type and its sources. A malformed pattern is told by `attach`.
    ///
    /// What the closure owns is dropped with the telemetry, and where that is the process's, once
    /// another one has started: a detached handler keeps its closure.
    #[track_caller]
    pub fn new<R: IntoVerdict>(
        id: &str,
        pattern: &str,
        closure: impl Fn(&Event<'_>) -> R + Send + Sync + 'static,
    ) -> Self {
        // Whoever emits may be the last to have it.
        let kept = Kept::new(closure);
        let runner = Runner::Closure(Box::new(move |call, event| {
            Ok(kept.get().map_or(Verdict::Handled, |closure| {
                closure(event).into_verdict(call)
            }))
        }));
        Handler {
            entry: Arc::new(Entry::new(id, runner)),
            malformed: None,
        }
        .on(pattern)
    }

    /// Also handles the events that match `pattern`.
    pub fn on(mut self, pattern: &str) -> Self {
        match Pattern::parse(pattern) {
            Ok(pattern) => self.with(|entry| entry.patterns.push(pattern)),
            Err(error) => {
                self.malformed = Some((pattern.to_owned(), error));
                self
            }
        }
    }

    /// Attaches after, and detaches before, the handler of this name.
    pub fn after(self, name: &str) -> Self {
        self.with(|entry| entry.after.push(name.to_owned()))
    }

    /// Attaches before, and detaches after, the handler of this name.
    pub fn before(self, name: &str) -> Self {
        self.with(|entry| entry.before.push(name.to_owned()))
    }

    /// Needs this resource to be ready: while it is not, calls are skipped. To use the value,
    /// the closure takes a lease.
    pub fn needs(self, resource: &'static dyn Need) -> Self {
        self.with(|entry| entry.needs.push(resource))
    }

    /// When it is quarantined, where that differs from the config.
    pub fn quarantine(self, quarantine: Quarantine) -> Self {
        self.with(|entry| entry.quarantine = Some(quarantine))
    }

    /// How long a call may take before it is counted as slow.
    pub fn budget(self, budget: Duration) -> Self {
        self.with(|entry| entry.budget = Some(budget))
    }

    /// Runs it off the emitter's thread, in order, on a thread of its own: `capacity` events may wait
    /// for that, and the next one is skipped as `overloaded`. An async handler has a queue anyway, of
    /// 1,024 events, and is served by a task.
    ///
    /// What waits is counted as in flight: a detach and a shutdown drain it within their deadlines, and
    /// [`flush`](crate::Telemetry::flush) waits for it. The thread is in the async runtime that `start`
    /// found or was given, if there is one.
    ///
    /// ```
    /// use std::{thread, time::Duration};
    /// use gambeson::{Handler, Telemetry, emit};
    ///
    /// let emitter = thread::current().id();
    /// let telemetry = Telemetry::isolated();
    /// let write = Handler::new("write", "shop.order.stop", move |_| {
    ///     assert_ne!(thread::current().id(), emitter);
    /// });
    /// telemetry.attach(write.queue(64))?;
    /// telemetry.enter(|| emit!("shop.order.stop"));
    /// telemetry.flush(Duration::from_secs(5))?;
    /// assert_eq!(telemetry.report().handler("write").unwrap().handled, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A queue without room is told by `attach`.
    pub fn queue(self, capacity: usize) -> Self {
        self.with(|entry| entry.room = Some(capacity))
    }

    fn with(mut self, change: impl FnOnce(&mut Entry)) -> Self {
        Arc::get_mut(&mut self.entry).map(change);
        self
    }
}

/// What can be attached: a [`Handler`], or what [`handler!`](crate::handler) gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handler",
    label = "not a handler",
    note = "write `Handler::new(name, pattern, closure)`, or `handler!(path)` for a function with `#[defensive_handler(on = \"..\")]`"
)]
pub trait IntoHandler {
    /// The handler.
    fn into_handler(self) -> Handler;
}

impl IntoHandler for Handler {
    fn into_handler(self) -> Handler {
        self
    }
}

impl IntoHandler for &'static Site {
    fn into_handler(self) -> Handler {
        self.into()
    }
}

impl From<&'static Site> for Handler {
    fn from(site: &'static Site) -> Self {
        Handler {
            entry: Arc::new(Entry::of(site)),
            malformed: None,
        }
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handler({})", self.entry.id)
    }
}

/// What an annotated handler may return.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "not `()`, `Result<(), E>` or `Outcome<()>`",
    note = "nobody takes what a handler returns: return `()`, `Result<(), E>` or `Outcome<()>`"
)]
pub trait HandlerReturn {
    /// Whether it says that the event was handled.
    fn is_success(&self) -> bool;
}

impl HandlerReturn for () {
    fn is_success(&self) -> bool {
        true
    }
}

impl HandlerReturn for Outcome<()> {
    fn is_success(&self) -> bool {
        matches!(self, Outcome::Handled(()))
    }
}

impl<E> HandlerReturn for Result<(), E> {
    fn is_success(&self) -> bool {
        self.is_ok()
    }
}

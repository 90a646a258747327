//! The running instance: it attaches handlers, and detaches them.

mod attach;
mod builder;
mod by_hand;
mod drain;
mod end;
mod error;
mod exit;
mod flush;
mod health;
mod news;
mod report;
mod resources;
mod shutdown;
#[cfg(feature = "tokio")]
mod tasks;

use std::{
    fmt,
    future::{Future, poll_fn},
    panic::{RefUnwindSafe, UnwindSafe},
    pin::pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

pub(crate) use self::end::Asker;
#[cfg(all(feature = "signals", unix))]
pub(crate) use self::end::GRACE;
pub use self::{
    builder::Builder,
    drain::Detached,
    error::{AttachError, DetachError, StartError},
    exit::exit_with_flush,
    flush::FlushError,
    health::{HandlerHealth, Health, Probe},
    report::{HandlerReport, HandlerState, Isolation, Report, ResourceReport},
};
use crate::{
    conduct::Conduct,
    config::Config,
    contain, dispatch,
    emit::{observe, refresh_sites, refresh_sites_of},
    event::{Event, Number, Value},
    handler::IntoHandler,
    hazard,
    instance::{ActiveSpan, Core, Kind, alive, scope},
    instrument,
    outcome::Outcome,
    pattern::{self, PatternError},
    phase::{Phase, Step},
    queue::Runtime,
    reason::SkipReason,
    registry::Change,
};

/// The running instance: the handlers that are attached, their config and their counts.
///
/// One may be the process's: events of all threads go to it, but for those threads and futures
/// that have [entered](Telemetry::enter) another. Dropping it shuts it down.
///
/// ```
/// use gambeson::{Event, Telemetry, defensive_handler, emit};
///
/// #[defensive_handler(on = "shop.order.*")]
/// fn audit_order(event: &Event<'_>) {
///     println!("{event}");
/// }
///
/// let telemetry = Telemetry::builder().start()?;
/// emit!("shop.order.stop", { amount = 9.5 }, { order_id = "A-1" });
/// let report = telemetry.shutdown();
/// assert_eq!(report.handler("audit_order").unwrap().handled, 1);
/// # Ok::<(), gambeson::StartError>(())
/// ```
#[must_use = "dropping the telemetry shuts it down"]
pub struct Telemetry {
    core: Arc<Core>,
    /// What the first shutdown that came to its end reported.
    ended: Arc<OnceLock<Report>>,
}

impl Telemetry {
    /// Begins to make one.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// A running telemetry for the threads and futures that [enter](Telemetry::enter) it, with
    /// the default config and without the registered handlers: for tests.
    ///
    /// With registered handlers or a config it is
    /// [`Telemetry::builder().isolated()`](Builder::isolated).
    pub fn isolated() -> Self {
        let _ = contain::install();
        hazard::prepare();
        news::prepare();
        let mut core = Core::new(Kind::Isolated, Conduct::new(Config::default()));
        core.runtime = Runtime::current();
        core.conduct.phase_cell.step(Step::Start);
        let core = Arc::new(core);
        alive::enter(&core);
        Telemetry::run(core)
    }

    /// Lets a telemetry that has attached its first handlers see events.
    fn run(core: Arc<Core>) -> Self {
        core.conduct.phase_cell.step(Step::Started);
        observe(&core);
        news::tell_phase(&core, Phase::Starting);
        Telemetry {
            core,
            ended: Arc::default(),
        }
    }

    /// Runs `code` with its events going here, whatever thread it is on; also nested, and left
    /// again on a panic.
    pub fn enter<R>(&self, code: impl FnOnce() -> R) -> R {
        let _entered = scope::Entered::new(&self.core);
        code()
    }

    /// Runs a future with its events going here, on whatever threads it is polled. A task that it
    /// spawns is a future of its own: spawn `async move { telemetry.enter_async(..).await }`.
    pub async fn enter_async<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|context| self.enter(|| future.as_mut().poll(context))).await
    }

    /// The names of the handlers that are attached, in their order.
    pub fn handlers(&self) -> Vec<String> {
        let attached = self.core.registry.attached();
        attached
            .iter()
            // A shutdown closes the gates one by one.
            .filter(|entry| !entry.gate.is_closed())
            .map(|entry| entry.id.to_string())
            .collect()
    }

    /// The calls of [`#[instrumented]`](macro@crate::instrumented) functions that are open now, the
    /// oldest first.
    ///
    /// Those are meant that somebody is told of: a handler, a subscriber of tracing or the debug log;
    /// with [`Builder::track_spans`] all of them. A call belongs to the telemetry that its thread was
    /// in when it began, and its entry ends with that very call, whatever others began or ended since.
    ///
    /// ```
    /// use gambeson::{Telemetry, instrumented};
    ///
    /// #[instrumented]
    /// fn brew(telemetry: &Telemetry) -> usize {
    ///     telemetry.active_spans().len()
    /// }
    ///
    /// let telemetry = Telemetry::builder().isolated().track_spans().start()?;
    /// assert_eq!(telemetry.enter(|| brew(&telemetry)), 1);
    /// assert!(telemetry.active_spans().is_empty());
    /// # Ok::<(), gambeson::StartError>(())
    /// ```
    pub fn active_spans(&self) -> Vec<ActiveSpan> {
        instrument::open_calls(&self.core)
    }

    /// Attaches a handler in its place among the others.
    ///
    /// A handler that was detached before goes on with the counts it had.
    ///
    /// # Errors
    ///
    /// If its name is taken, its pattern or the handlers it names are wrong, or a shutdown has
    /// begun. Then nothing has changed.
    pub fn attach(&self, handler: impl IntoHandler) -> Result<(), AttachError> {
        let phase = self.phase();
        if phase != Phase::Running {
            return Err(AttachError::NotRunning { phase });
        }
        let entry = handler.into_handler().checked()?;
        let needs = entry.needs.clone();
        match self.core.attach(vec![entry], Vec::new())? {
            Change::One(entry) => refresh_sites_of(&self.core, &entry),
            Change::Any => refresh_sites(),
        }
        hazard::sweep();
        let opened = resources::begin(&needs);
        // A shutdown that has begun meanwhile may have looked for resources before.
        if self.phase() != Phase::Running {
            self.core.close_again(&opened);
        }
        Ok(())
    }

    /// Detaches a handler: success says that none of its calls is running and none will start.
    /// Detaching it again changes nothing and succeeds.
    ///
    /// # Errors
    ///
    /// If the name is wrong; or if the handler is detached, but calls still ran at the deadline,
    /// or this is called from inside a handler, which cannot wait for itself, or from the only
    /// thread of the async runtime that would have to run them.
    pub fn detach(&self, name: &str, deadline: Duration) -> Result<Detached, DetachError> {
        self.core.detach(name, deadline)
    }

    /// Calls one handler with an event, on this thread and with all its defences, and says what
    /// became of it.
    ///
    /// A handler with a queue is called past it. A name that fits no handler, or several, gives a
    /// skip as `unavailable`. An async handler is only called by its queue, and a plain one by its
    /// callers: `not_implemented`.
    pub fn call(&self, name: &str, event: &Event<'_>) -> Outcome<()> {
        match self.core.registry.find(name) {
            Ok(entry) => self.enter(|| dispatch::call(&self.core, &entry, event)),
            Err(_) => Outcome::Skipped(SkipReason::Unavailable.into()),
        }
    }

    /// Emits an event whose name is known only at run time; where it is known, use
    /// [`emit!`](crate::emit).
    ///
    /// # Errors
    ///
    /// If no event can have the name.
    pub fn emit(
        &self,
        name: &str,
        measurements: &[(&str, Number)],
        metadata: &[(&str, Value<'_>)],
    ) -> Result<(), PatternError> {
        pattern::check_name(name)?;
        let matches = self.core.matching(name);
        if !matches.is_empty() {
            let event = Event::new(name, measurements, metadata);
            self.enter(|| dispatch::deliver_all(&self.core, &matches, hazard::here(), &event));
        }
        Ok(())
    }

    /// The counts and states of this moment, also after a shutdown.
    pub fn report(&self) -> Report {
        Report::of(&self.core)
    }

    /// Where it is in its life.
    pub fn phase(&self) -> Phase {
        self.core.phase()
    }
}

/// User code runs only where its panics are caught, so none leaves the state half changed.
impl UnwindSafe for Telemetry {}
impl RefUnwindSafe for Telemetry {}

impl Drop for Telemetry {
    fn drop(&mut self) {
        let deadline = self.core.conduct.config.shutdown.deadline;
        self.core.shut_down(deadline, Asker::Stays);
        self.core.raise();
        if std::thread::panicking() {
            // Else its drop is left to whichever thread of a queue ends last.
            self.core.conduct.unraised.give_up();
        }
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry")
            .field("phase", &self.phase())
            .finish_non_exhaustive()
    }
}

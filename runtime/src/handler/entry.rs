//! A handler that is attached: what it is, and the state that its calls share.

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{Breaker, Limits, Quarantine, Run, Site, Tally, bound::Code};
use crate::{
    config::Config,
    event::Event,
    gate::{Gate, Idle},
    hazard::{self, Marked, Owner},
    limiter::Limiters,
    pattern::Pattern,
    queue::Queue,
    resource::{Hold, Need},
    verdict::{Call, Completion},
};

/// A handler's place in one telemetry.
pub(crate) struct Entry {
    pub(crate) id: Arc<str>,
    pub(crate) source: Source,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) needs: Vec<&'static dyn Need>,
    pub(crate) after: Vec<String>,
    pub(crate) before: Vec<String>,
    pub(crate) available: Option<fn() -> bool>,
    pub(crate) quarantine: Option<Quarantine>,
    pub(crate) budget: Option<Duration>,
    /// How many events may wait, if it was said.
    pub(crate) room: Option<usize>,
    pub(crate) runner: Runner,
    pub(crate) gate: Gate,
    pub(crate) breaker: Breaker,
    pub(crate) limiters: Arc<Limiters>,
    pub(crate) queue: OnceLock<Queue>,
    pub(crate) tally: Arc<Tally>,
    /// How many events a sample rate was asked about.
    pub(crate) sampled: AtomicU64,
    /// Whether it was found detached and idle, which is for ever.
    at_rest: AtomicBool,
    /// The detached entry that this one replaced while calls of it still ran.
    pub(crate) earlier: Option<Arc<Entry>>,
}

/// Where a handler is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The path of an annotated function.
    pub(crate) function: Option<&'static str>,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
}

/// How many events wait for an async handler; the next one is skipped as `overloaded`.
const CAPACITY: usize = 1024;

type Closure = dyn Fn(&Call<'_>, &Event<'_>) -> Completion + Send + Sync;

/// What runs when an event matches.
pub(crate) enum Runner {
    Annotated(Run),
    Closure(Box<Closure>),
}

impl Entry {
    /// The entry of an annotated function.
    pub(crate) fn of(site: &'static Site) -> Self {
        let declared = &site.declaration;
        Entry {
            patterns: declared
                .patterns
                .iter()
                .map(|&literal| literal.into())
                .collect(),
            needs: declared.needs.to_vec(),
            after: declared
                .after
                .iter()
                .map(|name| name.path().to_owned())
                .collect(),
            before: declared
                .before
                .iter()
                .map(|name| name.path().to_owned())
                .collect(),
            available: declared.available,
            quarantine: declared.quarantine,
            budget: declared.budget,
            room: declared.queue,
            ..Entry::at(
                Source::of(site),
                declared.name,
                Runner::Annotated(declared.run),
            )
        }
    }

    #[track_caller]
    pub(crate) fn new(id: &str, runner: Runner) -> Self {
        let caller = std::panic::Location::caller();
        let source = Source {
            function: None,
            file: caller.file(),
            line: caller.line(),
        };
        Entry::at(source, id, runner)
    }

    /// The entry of code that its callers run.
    pub(crate) fn called(source: Source, id: &str) -> Self {
        Entry::at(source, id, Runner::Annotated(Run::Plain))
    }

    fn at(source: Source, id: &str, runner: Runner) -> Self {
        Entry {
            id: id.into(),
            source,
            patterns: Vec::new(),
            needs: Vec::new(),
            after: Vec::new(),
            before: Vec::new(),
            available: None,
            quarantine: None,
            budget: None,
            room: None,
            runner,
            gate: Gate::new(),
            breaker: Breaker::new(),
            limiters: Arc::new(Limiters::new()),
            queue: OnceLock::new(),
            tally: Arc::default(),
            sampled: AtomicU64::new(0),
            at_rest: AtomicBool::new(false),
            earlier: None,
        }
    }

    /// Whether it says who comes before or after it.
    pub(crate) fn names_others(&self) -> bool {
        !(self.after.is_empty() && self.before.is_empty())
    }

    pub(crate) fn matches(&self, event: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(event))
    }

    /// What runs the user's code on the caller's thread.
    pub(super) fn code(&self) -> Code {
        match self.runner {
            Runner::Annotated(Run::Direct { function }) => Code::Direct(function),
            Runner::Annotated(Run::Sync(function)) => Code::Sync(function),
            Runner::Annotated(_) | Runner::Closure(_) => Code::Other,
        }
    }

    pub(super) fn run(&self, call: &Call<'_>, event: &Event<'_>) -> Completion {
        match &self.runner {
            Runner::Closure(handler) if self.needs.is_empty() => handler(call, event),
            Runner::Closure(handler) => self.run_held(handler, call, event),
            Runner::Annotated(run) => run.run(call, event),
        }
    }

    #[cold]
    fn run_held(&self, handler: &Closure, call: &Call<'_>, event: &Event<'_>) -> Completion {
        let held: Result<Vec<Hold>, _> = self.needs.iter().map(|need| need.hold()).collect();
        let _held = held.map_err(|unavailable| call.gone(&unavailable))?;
        handler(call, event)
    }

    /// Whether its code awaits, on a runtime.
    pub(crate) fn is_async(&self) -> bool {
        matches!(self.runner, Runner::Annotated(Run::Async(_)))
    }

    /// Whether it runs off the emitter's thread.
    pub(crate) fn is_queued(&self) -> bool {
        self.capacity().is_some()
    }

    /// How many events may wait for it; `None` where none does.
    pub(crate) fn capacity(&self) -> Option<usize> {
        self.room.or_else(|| self.is_async().then_some(CAPACITY))
    }

    /// Lets no more calls in. Returns whether it did before.
    pub(crate) fn close(&self) -> bool {
        self.breaker.close();
        self.gate.close()
    }

    /// The same without the fence that has to come before a look at who is inside.
    pub(crate) fn close_unfenced(&self) -> bool {
        self.breaker.close();
        self.gate.close_unfenced()
    }

    /// How many calls of the handler are running or queued, also from before it was attached
    /// again, by marks that were read before.
    pub(crate) fn in_flight_of(&self, marked: &Marked) -> usize {
        let earlier = self.earlier.as_ref();
        self.gate.inside_of(marked) + earlier.map_or(0, |entry| entry.in_flight_of(marked))
    }

    /// Says that it was found closed and idle.
    pub(crate) fn rest(&self) {
        self.at_rest.store(true, Ordering::Release);
    }

    /// Whether no call of the handler, which is closed, is running or will.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.at_rest.load(Ordering::Acquire) || self.in_flight_of(&hazard::look()) == 0
    }

    /// The threads that run calls of the handler, by name or number.
    pub(crate) fn threads_inside(&self) -> Vec<String> {
        let earlier = self.earlier.iter().flat_map(|entry| entry.threads_inside());
        let owners = self.gate.threads_inside().into_iter();
        let of_queue = self.queue.get().and_then(Queue::thread).map(Owner::from);
        owners
            .chain(of_queue)
            .map(|owner| owner.to_string())
            .chain(earlier)
            .collect()
    }

    /// Whether this thread runs a call of the handler. One without marks is taken for running it.
    pub(crate) fn runs_here(&self) -> bool {
        let id = hazard::current_thread_id();
        let of_queue = |queue: &Queue| queue.thread().map(|thread| thread.id()) == id;
        hazard::here().is_none_or(|here| self.gate.runs_on(here)) || self.queues().any(of_queue)
    }

    /// Waits until no call of the handler, which is closed, is running or queued, for `limit` at
    /// most.
    ///
    /// Each gate's answer is final. To look again would be to see those who are about to find it
    /// closed.
    pub(crate) fn wait_idle(&self, limit: Duration) -> Idle {
        let started = Instant::now();
        let own = self.gate.wait_idle(limit);
        let Some(earlier) = &self.earlier else {
            return own;
        };
        own.and(earlier.wait_idle(limit.saturating_sub(started.elapsed())))
    }

    /// The queues of the handler, also from before it was attached again.
    pub(crate) fn queues(&self) -> impl Iterator<Item = &Queue> {
        let chain = std::iter::successors(Some(self), |entry| entry.earlier.as_deref());
        chain.filter_map(|entry| entry.queue.get())
    }

    /// Ends the worker, and with it whatever is still queued or running there.
    pub(crate) fn end_queue(&self) {
        self.queues().for_each(Queue::abort);
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.breaker.is_paused()
    }

    /// Whether too many failures quarantine this handler.
    fn is_quarantinable(&self, rule: Option<bool>) -> bool {
        rule.unwrap_or(!self.quarantine.is_some_and(|own| own.off))
    }

    /// When this handler is quarantined; `None` for never.
    pub(crate) fn limits(&self, config: &Config, rule: Option<bool>) -> Option<Limits> {
        let own = self.quarantine.unwrap_or(Quarantine::INHERIT);
        let max_cooldown = config.quarantine.max_cooldown;
        self.is_quarantinable(rule).then(|| Limits {
            failures: own.failures.unwrap_or(config.quarantine.failures),
            within: own.within.unwrap_or(config.quarantine.within),
            cooldown: own
                .cooldown
                .unwrap_or(config.quarantine.cooldown)
                .min(max_cooldown),
            max_cooldown,
        })
    }
}

impl Source {
    pub(crate) fn of(site: &'static Site) -> Self {
        let declared = &site.declaration;
        Source {
            function: Some(declared.function),
            file: declared.file,
            line: declared.line,
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({})", self.id)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

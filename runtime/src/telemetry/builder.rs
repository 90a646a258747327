//! How a telemetry is started.

use std::{
    any::{Any, TypeId},
    collections::BTreeMap,
    fmt,
    sync::Arc,
    time::Duration,
};

use super::{
    Telemetry,
    error::{AttachError, StartError},
    news,
    resources::START_DEADLINE,
};
#[cfg(all(feature = "signals", unix))]
use crate::signals;
use crate::{
    clock::Clock,
    conduct::Conduct,
    config::Config,
    contain,
    diagnostics::notice,
    discovery,
    handler::{Entry, Handler, IntoHandler, Site, Source},
    hazard,
    instance::{Core, Kind, Resourceful, alive, scope},
    nearest::nearest,
    phase::Step,
    queue::Runtime,
    registry::{ends_with_segments, last_segment},
    resource::Need,
};

/// Makes a [`Telemetry`]; begun by [`Telemetry::builder`].
#[must_use = "nothing is attached until `start`"]
pub struct Builder {
    config: Config,
    kind: Kind,
    filter: Box<dyn Fn(&str) -> bool>,
    handlers: Vec<Handler>,
    resources: Vec<Resourceful>,
    required: Vec<Resourceful>,
    start_deadline: Duration,
    pass_through: Vec<TypeId>,
    runtime: Option<Runtime>,
    tracks_spans: bool,
    clock: Option<Clock>,
    #[cfg(all(feature = "signals", unix))]
    exits_on_signals: bool,
}

impl Builder {
    pub(super) fn new() -> Self {
        Builder {
            config: Config::default(),
            kind: Kind::Default,
            filter: Box::new(|_| true),
            handlers: Vec::new(),
            resources: Vec::new(),
            required: Vec::new(),
            start_deadline: START_DEADLINE,
            pass_through: Vec::new(),
            runtime: None,
            tracks_spans: false,
            clock: None,
            #[cfg(all(feature = "signals", unix))]
            exits_on_signals: false,
        }
    }

    /// What is logged, sampled, quarantined, and how long a shutdown may take.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Attaches only those registered handlers whose full name the filter accepts.
    pub fn filter(mut self, accepts: impl Fn(&str) -> bool + 'static) -> Self {
        self.filter = Box::new(accepts);
        self
    }

    /// Also attaches this handler, in its place among the registered ones.
    pub fn handler(mut self, handler: impl IntoHandler) -> Self {
        self.handlers.push(handler.into_handler());
        self
    }

    /// Also opens, reports and revokes this resource, though no handler names it.
    pub fn resource(mut self, resource: &'static dyn Need) -> Self {
        self.resources.push(Resourceful(resource));
        self
    }

    /// The same for a resource without which there is no start, and without which
    /// [`Telemetry::health`] is not ready. Others are opened in the background while they fail.
    pub fn require(mut self, resource: &'static dyn Need) -> Self {
        self.required.push(Resourceful(resource));
        self.resource(resource)
    }

    /// How long `start` waits for resources to be opened, 5 seconds by default.
    pub fn start_deadline(mut self, deadline: Duration) -> Self {
        self.start_deadline = deadline;
        self
    }

    /// Leaves panics with a payload of this type alone: they are another library's control flow.
    /// They are counted as `cancelled` and go on to the emitter.
    pub fn pass_through<T: Any>(mut self) -> Self {
        self.pass_through.push(TypeId::of::<T>());
        self
    }

    /// Serves only the threads and futures that [enter](Telemetry::enter) it, beside the
    /// process's telemetry: for tests.
    pub fn isolated(mut self) -> Self {
        self.kind = Kind::Isolated;
        self
    }

    /// Keeps account of every open call of an `#[instrumented]` function, also of those that
    /// nobody is told of: [`Telemetry::active_spans`] and the report of the shutdown have them.
    ///
    /// Without it such a call costs one load and one branch; with it, some ten nanoseconds.
    pub fn track_spans(mut self) -> Self {
        self.tracks_spans = true;
        self
    }

    /// Lets quarantines and the rate limit of records go by this clock, which a test advances. What
    /// is measured, such as durations and budgets, and deadlines stay on the system's.
    pub fn clock(mut self, clock: &Clock) -> Self {
        self.clock = Some(clock.clone());
        self
    }

    /// Makes SIGTERM and SIGINT shut this telemetry down within its deadline, and then end the
    /// process with code 0. A second signal ends it at once, with 128 and the signal's number.
    ///
    /// It holds from [`start`](Builder::start) to the end of the process, also after a shutdown; a
    /// host with an end of its own uses [`signals::Signals`](crate::signals::Signals).
    #[cfg(all(feature = "signals", unix))]
    pub fn exit_on_signals(mut self) -> Self {
        self.exits_on_signals = true;
        self
    }

    /// The runtime for async handlers; without it, the one that `start` is called in.
    #[cfg(feature = "tokio")]
    pub fn runtime(mut self, handle: tokio::runtime::Handle) -> Self {
        self.runtime = Some(Runtime::of(handle));
        self
    }

    /// Attaches every handler in dependency order, opens the resources that they need, those first
    /// which others need, and begins to handle events.
    ///
    /// # Errors
    ///
    /// If the process's telemetry is running already, a registration that is expected is missing,
    /// names or dependencies of handlers or resources do not fit together, async handlers have no
    /// runtime, signals cannot be received, or a required resource was not there at the deadline.
    /// Nothing is attached then.
    pub fn start(self) -> Result<Telemetry, StartError> {
        contain::install()?;
        hazard::prepare();
        news::prepare();
        let (registered, plain) = discovered();
        let registered_names = registered.iter().map(|entry| &*entry.id);
        refuse_lost(registered_names.chain(plain.iter().map(|site| site.name())))?;
        if self.kind == Kind::Default && scope::is_default_running() {
            return Err(StartError::AlreadyRunning);
        }
        #[cfg(all(feature = "signals", unix))]
        if self.exits_on_signals {
            signals::watch().map_err(StartError::Signals)?;
        }
        let mut conduct = Conduct::new(self.config);
        conduct.pass_through = self.pass_through;
        conduct.tracks_spans = self.tracks_spans;
        conduct.clock = self.clock;
        let mut core = Core::new(self.kind, conduct);
        core.runtime = self.runtime.or_else(Runtime::current);
        core.resources = self.resources;
        if core.is_default() {
            // What is called in place anywhere in the process.
            let needed = plain.iter().flat_map(|site| site.declaration.needs);
            core.resources.extend(needed.map(|need| Resourceful(*need)));
        }
        core.required = self.required;
        core.conduct.phase_cell.step(Step::Start);
        let core = Arc::new(core);
        let attached = core.attach_first(registered, self.handlers, &*self.filter);
        // Whoever ends from here on leaves it the resources that it finds open.
        alive::enter(&core);
        let attached = attached.map_err(StartError::from);
        let opened = attached.and_then(|()| core.start_resources(self.start_deadline));
        let opened = opened.inspect_err(|_| core.fail_start())?;
        core.tell_warnings(&plain);
        // Another thread may have come first meanwhile.
        if core.is_default() && !scope::claim_default(&core) {
            core.close_again(&opened);
            core.fail_start();
            return Err(StartError::AlreadyRunning);
        }
        #[cfg(all(feature = "signals", unix))]
        if self.exits_on_signals {
            signals::exit_on_signals(&core);
        }
        Ok(Telemetry::run(core))
    }
}

impl Core {
    fn fail_start(&self) {
        self.conduct.phase_cell.step(Step::StartFailed);
        alive::leave(self);
    }

    fn attach_first(
        &self,
        registered: Vec<Arc<Entry>>,
        by_hand: Vec<Handler>,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<(), AttachError> {
        let (mut chosen, filtered): (Vec<_>, Vec<_>) =
            registered.into_iter().partition(|entry| accepts(&entry.id));
        for handler in by_hand {
            chosen.push(handler.checked()?);
        }
        self.attach(chosen, filtered)?;
        Ok(())
    }

    fn tell_warnings(&self, plain: &[&'static Site]) {
        let attached = self.registry.attached();
        let names = attached.iter().map(|entry| &*entry.id);
        let names: Vec<&str> = names.chain(plain.iter().map(|site| site.name())).collect();
        let of_config = self.conduct.config.warnings().iter().cloned();
        let of_rules = self.conduct.config.unmatched(&names);
        for warning in of_config.chain(of_rules).chain(namesakes(plain)) {
            notice::warning(&warning);
            self.warn(warning);
        }
        if !contain::UNWINDS {
            let warning = "panics are not contained: this build has panic = \"abort\"";
            notice::warning(warning);
            self.warn(warning.to_owned());
        }
    }
}

/// The registered handlers, and the functions that are defended where they are called.
fn discovered() -> (Vec<Arc<Entry>>, Vec<&'static Site>) {
    let (registered, plain): (Vec<_>, Vec<_>) =
        discovery::sites().partition(|site| !site.declaration.patterns.is_empty());
    let entries = registered.into_iter().map(|site| Arc::new(Entry::of(site)));
    (entries.collect(), plain)
}

/// Methods of two types may well have one name, and reports and rules cannot tell them apart.
fn namesakes(plain: &[&'static Site]) -> Vec<String> {
    let mut sites: BTreeMap<&str, Vec<&'static Site>> = BTreeMap::new();
    for site in plain {
        sites.entry(site.name()).or_default().push(site);
    }
    let shared = sites.into_iter().filter(|(_, sites)| sites.len() > 1);
    let warning = |(name, sites): (&str, Vec<&'static Site>)| {
        let places = sites.into_iter().map(|site| Source::of(site).to_string());
        let mut places: Vec<String> = places.collect();
        places.sort();
        let places = places.join(" and at ");
        format!(
            "defended functions share the name `{name}`: at {places}; give each a `name = \"..\"`"
        )
    };
    shared.map(warning).collect()
}

fn refuse_lost<'a>(ids: impl Iterator<Item = &'a str>) -> Result<(), StartError> {
    let mut expected: Vec<&str> = discovery::expected().collect();
    if expected.is_empty() {
        return Ok(());
    }
    expected.sort_unstable();
    expected.dedup();
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for id in ids {
        found.entry(last_segment(id)).or_default().push(id);
    }
    let is_lost = |name: &&str| {
        let alike = found.get(last_segment(name)).into_iter().flatten();
        !alike.into_iter().any(|id| ends_with_segments(id, name))
    };
    let names: Vec<String> = expected
        .into_iter()
        .filter(is_lost)
        .map(str::to_owned)
        .collect();
    let Some(first) = names.first() else {
        return Ok(());
    };
    let ids = found.values().flatten().copied();
    let nearest = nearest(first, ids.chain(found.keys().copied())).map(str::to_owned);
    Err(StartError::Lost { names, nearest })
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

//! What a running telemetry consists of, and which one a thread's events go to.

pub(crate) mod alive;
mod part;
pub(crate) mod scope;
mod shutdown;

use std::{
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::ThreadId,
};

pub use self::{
    part::{PartKind, ShutdownPart},
    shutdown::{ActiveSpan, ShutdownReport, Straggler},
};
use crate::{
    conduct::Conduct,
    config::{Config, Settings},
    handler::{Bound, Entry},
    phase::Phase,
    queue::Runtime,
    registry::{PlainKey, Registry},
    resource::{Need, with_needs},
    tasks::Tasks,
};

/// The state that a [`Telemetry`](crate::Telemetry) and its calls share.
#[derive(Debug)]
pub(crate) struct Core {
    kind: Kind,
    serial: u64,
    pub(crate) conduct: Arc<Conduct>,
    pub(crate) registry: Registry,
    pub(crate) runtime: Option<Runtime>,
    pub(crate) resources: Vec<Resourceful>,
    /// Those of them without which it does not start, and is not ready.
    pub(crate) required: Vec<Resourceful>,
    pub(crate) warnings: Mutex<Vec<String>>,
    pub(crate) shutdown: OnceLock<ShutdownReport>,
    /// The thread that shuts it down.
    pub(crate) ended_by: OnceLock<ThreadId>,
    pub(crate) tasks: Tasks,
}

/// Whose telemetry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The process's.
    Default,
    /// That of the threads and futures which entered it.
    Isolated,
    /// That of defended functions that are called before any is started.
    Ambient,
}

/// A resource of any type, for lists.
#[derive(Clone, Copy)]
pub(crate) struct Resourceful(pub(crate) &'static dyn Need);

impl std::fmt::Debug for Resourceful {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Core {
    pub(crate) fn new(kind: Kind, conduct: Conduct) -> Self {
        static SERIAL: AtomicU64 = AtomicU64::new(1);
        Core {
            kind,
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            conduct: Arc::new(conduct),
            registry: Registry::default(),
            runtime: None,
            resources: Vec::new(),
            required: Vec::new(),
            warnings: Mutex::default(),
            shutdown: OnceLock::new(),
            ended_by: OnceLock::new(),
            tasks: Tasks::default(),
        }
    }

    pub(crate) fn is_default(&self) -> bool {
        self.kind == Kind::Default
    }

    /// Under which number open calls are accounted to it: one for whichever is the process's.
    pub(crate) fn account(&self) -> u64 {
        if self.is_default() { 0 } else { self.serial }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.conduct.phase_cell.get()
    }

    /// The handlers for an event; none where the config turns emitting off.
    pub(crate) fn matching(&self, event: &str) -> Box<[Bound]> {
        if self.conduct.config.enabled {
            self.registry.matching(event, &self.conduct)
        } else {
            Box::new([])
        }
    }

    /// Whether there are any.
    pub(crate) fn observes(&self, event: &str) -> bool {
        self.conduct.config.enabled && self.registry.matches(event)
    }

    /// What becomes of the handlers for an event once this one came or went; `None` if nothing.
    pub(crate) fn rematch(
        &self,
        handlers: &[Bound],
        entry: &Arc<Entry>,
        event: &str,
    ) -> Option<Box<[Bound]>> {
        let registry = &self.registry;
        let rematched = || registry.rematch(handlers, entry, event, &self.conduct);
        self.conduct.config.enabled.then(rematched)?
    }

    /// A handler that is called in place, with what the config says of it.
    pub(crate) fn bind(&self, key: PlainKey, make: impl FnOnce() -> Entry) -> Bound {
        let entry = self.registry.plain(key, make);
        let config = &self.conduct.config;
        let settings = config.settings(&entry.id, "");
        // Neither turns off what is called as a function: `enabled` is about events, and so is a
        // sample.
        let settings = Settings {
            enabled: settings.enabled || !config.enabled,
            sample: 1.0,
            ..settings
        };
        Bound::new(&self.conduct, entry, settings)
    }

    pub(crate) fn warn(&self, warning: String) {
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(warning);
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Every resource that is named by the builder or one of these handlers, and what these need,
    /// and so on: each once, by name.
    pub(crate) fn resources_in_use(&self, entries: &[Arc<Entry>]) -> Vec<&'static dyn Need> {
        let named = self.resources.iter().map(|resource| resource.0);
        let needed = entries.iter().flat_map(|entry| entry.needs.iter().copied());
        with_needs(named.chain(needed).collect())
    }
}

/// What lives as long as the process: the telemetry of calls before any is started.
pub(crate) fn ambient() -> Arc<Core> {
    static AMBIENT: OnceLock<Arc<Core>> = OnceLock::new();
    AMBIENT
        .get_or_init(|| Arc::new(Core::new(Kind::Ambient, Conduct::new(Config::default()))))
        .clone()
}

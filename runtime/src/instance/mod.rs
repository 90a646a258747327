//! What a running telemetry consists of, and which one a thread's events go to.

pub(crate) mod scope;
mod shutdown;

use std::{
    any::{Any, TypeId},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

pub use self::shutdown::{ShutdownReport, Straggler};
use crate::{
    config::{Config, Settings},
    handler::Entry,
    phase::{Phase, PhaseCell},
    queue::Runtime,
    registry::{Match, Registry},
    resource::Need,
};

/// The state that a [`Telemetry`](crate::Telemetry) and its calls share.
#[derive(Debug)]
pub(crate) struct Core {
    id: u64,
    kind: Kind,
    pub(crate) config: Config,
    pub(crate) phase_cell: PhaseCell,
    pub(crate) registry: Registry,
    pub(crate) runtime: Option<Runtime>,
    pub(crate) pass_through: Vec<TypeId>,
    pub(crate) resources: Vec<Resourceful>,
    pub(crate) warnings: Mutex<Vec<String>>,
    pub(crate) shutdown: OnceLock<ShutdownReport>,
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
    pub(crate) fn new(kind: Kind, config: Config) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Core {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            kind,
            config,
            phase_cell: PhaseCell::new(),
            registry: Registry::default(),
            runtime: None,
            pass_through: Vec::new(),
            resources: Vec::new(),
            warnings: Mutex::default(),
            shutdown: OnceLock::new(),
        }
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    pub(crate) fn is_default(&self) -> bool {
        self.kind == Kind::Default
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase_cell.get()
    }

    /// The handlers for an event; none where the config turns emitting off.
    pub(crate) fn matching(&self, event: &str) -> Box<[Match]> {
        if self.config.enabled {
            self.registry.matching(event, &self.config)
        } else {
            Box::new([])
        }
    }

    /// What the config says of a handler that is called in place.
    pub(crate) fn plain_settings(&self, entry: &Entry) -> Settings {
        let settings = self.config.settings(&entry.id, "");
        // Neither turns off what is called as a function: `enabled` is about events, and so is a
        // sample.
        let enabled = settings.enabled || !self.config.enabled;
        Settings {
            enabled,
            sample: 1.0,
            ..settings
        }
    }

    /// Whether a payload is another library's control flow.
    pub(crate) fn passes_through(&self, payload: &(dyn Any + Send)) -> bool {
        self.pass_through.contains(&payload.type_id())
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

    /// Every resource that is named by somebody, once.
    pub(crate) fn all_resources(&self) -> Vec<&'static dyn Need> {
        let entries = self.registry.known();
        let needed = entries.iter().flat_map(|entry| entry.needs.iter().copied());
        let mut all: Vec<_> = self
            .resources
            .iter()
            .map(|resource| resource.0)
            .chain(needed)
            .collect();
        all.sort_by_key(|resource| (resource.name(), address(*resource)));
        all.dedup_by_key(|resource| address(*resource));
        all
    }
}

fn address(resource: &'static dyn Need) -> usize {
    std::ptr::from_ref(resource).addr()
}

/// What lives as long as the process: the telemetry of calls before any is started.
pub(crate) fn ambient() -> Arc<Core> {
    static AMBIENT: OnceLock<Arc<Core>> = OnceLock::new();
    AMBIENT
        .get_or_init(|| Arc::new(Core::new(Kind::Ambient, Config::default())))
        .clone()
}

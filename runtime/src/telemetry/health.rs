//! How a telemetry is, as probes from outside ask for it.

use std::fmt;

use serde::Serialize;

use super::{HandlerState, Telemetry};
use crate::{
    handler::Entry,
    instance::Core,
    phase::Phase,
    queue::Queue,
    resource::{Need, ResourceHealth, Status},
};

/// How a telemetry is: three answers, each with its causes, and all that is not well.
///
/// The answers are those to the probes of Kubernetes. A telemetry is not ready without the
/// resources that are [required](crate::Builder::require); anything else that is down only
/// degrades it, for a service must not be taken out of traffic by its instrumentation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// Whether it has been started.
    pub started: Probe,
    /// Whether it is running, with all the resources that are required.
    pub ready: Probe,
    /// Whether it may still become or stay ready by itself: not so once a required resource has been
    /// given up by its [`Restart`](crate::Restart) policy.
    pub live: Probe,
    /// `Down` where it is not ready, `Degraded` where anything is not well.
    pub status: Status,
    /// Every resource that handlers need or the builder names, those first which others need.
    pub resources: Vec<ResourceHealth>,
    /// The handlers and defended closures that are not well: attached ones in order, then those that
    /// are called in place.
    pub handlers: Vec<HandlerHealth>,
}

/// The cause where a queue has nobody to serve it.
const UNSERVED: &str = "its queue is not served: the async runtime it ran on is gone";

/// The answer to a probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Probe {
    /// Whether it is yes.
    pub ok: bool,
    /// Why it is no.
    pub causes: Vec<String>,
}

/// A handler that is not well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HandlerHealth {
    /// The handler.
    pub handler: String,
    /// `Down` where it handles nothing now.
    pub status: Status,
    /// What is wrong with it.
    pub cause: String,
}

impl Telemetry {
    /// How it is now. Asking waits for nothing.
    ///
    /// ```standalone_crate
    /// use gambeson::{Resource, Status, Telemetry};
    ///
    /// static LEDGER: Resource<u32> = Resource::new("ledger");
    ///
    /// let ledger = LEDGER.provide(1);
    /// let telemetry = Telemetry::builder().isolated().require(&LEDGER).start()?;
    /// assert_eq!(telemetry.health().status, Status::Well);
    ///
    /// LEDGER.crash("the disk is gone");
    /// let health = telemetry.health();
    /// assert!(health.live.ok && !health.ready.ok);
    /// assert_eq!(health.ready.causes, ["resource ledger is down: the disk is gone"]);
    ///
    /// let _ledger = LEDGER.provide(2);
    /// let health = telemetry.health();
    /// assert!(health.ready.ok);
    /// assert_eq!(health.status, Status::Degraded, "until it has been well for a time");
    /// # drop(ledger);
    /// # Ok::<(), gambeson::StartError>(())
    /// ```
    pub fn health(&self) -> Health {
        Health::of(&self.core)
    }
}

impl Health {
    fn of(core: &Core) -> Self {
        let phase = core.phase();
        let resources: Vec<_> = core
            .known_resources()
            .iter()
            .map(|each| each.health())
            .collect();
        let serving = core.registry.serving();
        let handlers: Vec<_> = serving.iter().filter_map(HandlerHealth::of).collect();

        let is_started = !matches!(phase, Phase::New | Phase::Starting | Phase::Failed);
        let is_running = phase == Phase::Running;
        let of_phase = |is_wrong: bool| is_wrong.then(|| format!("telemetry is {phase}"));
        let required = core.required.iter().map(|required| required.0.health());
        let missing: Vec<_> = required
            .filter(|health| health.status == Status::Down)
            .collect();
        let given_up = missing.iter().filter(|health| health.is_given_up);
        let ready = Probe::unless(
            of_phase(!is_running)
                .into_iter()
                .chain(missing.iter().map(ToString::to_string)),
        );
        let is_well = resources.iter().all(|health| health.status == Status::Well);
        Health {
            started: Probe::unless(of_phase(!is_started)),
            live: Probe::unless(
                of_phase(phase == Phase::Failed)
                    .into_iter()
                    .chain(given_up.map(ToString::to_string)),
            ),
            status: match ready.ok {
                false => Status::Down,
                true if is_well && handlers.is_empty() => Status::Well,
                true => Status::Degraded,
            },
            ready,
            resources,
            handlers,
        }
    }
}

impl Probe {
    /// Yes, unless there are causes to say no.
    fn unless(causes: impl IntoIterator<Item = String>) -> Self {
        let causes: Vec<_> = causes.into_iter().collect();
        Probe {
            ok: causes.is_empty(),
            causes,
        }
    }
}

impl HandlerHealth {
    fn of(entry: &std::sync::Arc<Entry>) -> Option<Self> {
        let missing = entry.needs.iter().find_map(|need| missing(*need));
        let unserved = entry.queue.get().is_some_and(Queue::is_unserved);
        let (status, cause) = match (missing, HandlerState::of(entry)) {
            _ if unserved => (Status::Down, UNSERVED.to_owned()),
            (Some(cause), _) => (Status::Down, cause),
            (None, HandlerState::Quarantined) => (
                Status::Down,
                "quarantined: it failed too often in a row".to_owned(),
            ),
            (None, HandlerState::QuarantinedByHand) => {
                (Status::Down, "quarantined by hand".to_owned())
            }
            (None, HandlerState::Paused) => (Status::Degraded, "paused".to_owned()),
            (None, _) => return None,
        };
        Some(HandlerHealth {
            handler: entry.id.to_string(),
            status,
            cause,
        })
    }
}

fn missing(need: &'static dyn Need) -> Option<String> {
    if need.readiness().is_serving() {
        return None;
    }
    let (name, readiness) = (need.name(), need.readiness());
    Some(format!("needs `{name}`, which is {readiness}"))
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "telemetry is {}", self.status)?;
        let probes = [
            ("started", &self.started),
            ("ready", &self.ready),
            ("live", &self.live),
        ];
        for (question, probe) in probes.into_iter().filter(|(_, probe)| !probe.ok) {
            writeln!(f, "not {question}: {}", probe.causes.join("; "))?;
        }
        for resource in &self.resources {
            writeln!(f, "{resource}")?;
        }
        for HandlerHealth {
            handler,
            status,
            cause,
        } in &self.handlers
        {
            writeln!(f, "handler {handler} is {status}: {cause}")?;
        }
        Ok(())
    }
}

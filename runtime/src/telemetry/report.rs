//! What a telemetry has seen: a table for people, serde for programs.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::{
    contain,
    handler::{Entry, Run, Runner},
    hazard::Marked,
    instance::{Core, ShutdownReport},
    phase::Phase,
    reason::SkipReason,
    registry::ends_with_segments,
    resource::{Readiness, ResourceHealth, Status},
};

/// The counts and states of one moment. Its `Display` is a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The telemetry's phase.
    pub phase: Phase,
    /// Whether panics can be contained in this build.
    pub isolation: Isolation,
    /// The handlers: those that are attached in their order, then the others.
    pub handlers: Vec<HandlerReport>,
    /// The registered handlers that the builder's filter left out.
    pub filtered: Vec<String>,
    /// The resources that handlers need, those first which others need.
    pub resources: Vec<ResourceReport>,
    /// How the shutdown went, once it is over.
    pub shutdown: Option<ShutdownReport>,
    /// What was told at start: unknown variables, rules that fit nothing.
    pub warnings: Vec<String>,
}

/// Whether panics can be contained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Isolation {
    /// Panics unwind and are contained.
    Unwind,
    /// The build has `panic = "abort"`: the first panic ends the process.
    Abort,
}

/// One handler's counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HandlerReport {
    /// Its name.
    pub name: String,
    /// Whether it takes events.
    pub state: HandlerState,
    /// Events, or calls in place, that it was meant to handle.
    pub matched: u64,
    /// Those that it handled.
    pub handled: u64,
    /// Those that were skipped, by reason. At rest, `matched` is `handled` and all of these.
    pub skips: BTreeMap<SkipReason, u64>,
    /// Calls that are running or queued.
    pub in_flight: usize,
    /// Calls that took longer than the budget.
    pub over_budget: u64,
    /// Panic payloads that panicked while they were dropped.
    pub payload_drop_panics: u64,
    /// Records of it whose subscriber panicked.
    pub records_failed: u64,
    /// Records of it that were due and that nobody took: no subscriber on their thread wants them, or
    /// they were due in the middle of another record. A bug goes to stderr then, and is dropped only
    /// where that takes nothing either.
    pub records_dropped: u64,
    /// Panic payloads that were leaked, for their drops did not stop to panic.
    pub payloads_leaked: u64,
    /// Futures of calls that panicked while they were dropped.
    pub future_drop_panics: u64,
    /// Where it is written.
    pub source: String,
}

/// Whether a handler takes events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HandlerState {
    /// It takes events.
    Attached,
    /// It is called in place.
    Plain,
    /// It is attached, and paused.
    Paused,
    /// It is attached, and its circuit breaker is open.
    Quarantined,
    /// It is attached, and [`Telemetry::quarantine`](crate::Telemetry::quarantine) keeps events from
    /// it.
    QuarantinedByHand,
    /// It is detached.
    Detached,
}

/// One resource's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ResourceReport {
    /// Its name.
    pub name: &'static str,
    /// Whether it can be leased.
    pub readiness: Readiness,
    /// How well it is, and was of late.
    pub status: Status,
    /// What is, or was until lately, wrong with it.
    pub cause: Option<String>,
}

impl Report {
    pub(super) fn of(core: &Core) -> Self {
        let entries = core.registry.known();
        let marked = Marked::now();
        Report {
            phase: core.phase(),
            isolation: if contain::UNWINDS {
                Isolation::Unwind
            } else {
                Isolation::Abort
            },
            handlers: entries
                .iter()
                .map(|entry| HandlerReport::of(entry, &marked))
                .collect(),
            filtered: core.registry.filtered(),
            resources: core
                .known_resources()
                .into_iter()
                .map(|resource| ResourceReport::of(&resource.health()))
                .collect(),
            shutdown: core.shutdown.get().cloned(),
            warnings: core.warnings(),
        }
    }

    /// The handler of this name, or the only one whose name ends with these segments.
    pub fn handler(&self, name: &str) -> Option<&HandlerReport> {
        let exact = self.handlers.iter().find(|handler| handler.name == name);
        exact.or_else(|| {
            let mut ending = self
                .handlers
                .iter()
                .filter(|handler| ends_with_segments(&handler.name, name));
            ending.next().filter(|_| ending.next().is_none())
        })
    }
}

impl ResourceReport {
    fn of(health: &ResourceHealth) -> Self {
        ResourceReport {
            name: health.resource,
            readiness: health.readiness,
            status: health.status,
            cause: health.cause.clone(),
        }
    }
}

impl HandlerReport {
    fn of(entry: &Entry, marked: &Marked) -> Self {
        let tally = &entry.tally;
        let counted = tally.counted();
        HandlerReport {
            name: entry.id.to_string(),
            state: HandlerState::of(entry),
            matched: counted.matched(),
            handled: counted.handled(),
            skips: counted.skips().collect(),
            in_flight: entry.in_flight_of(marked),
            over_budget: tally.over_budget.load(std::sync::atomic::Ordering::Relaxed),
            payload_drop_panics: tally
                .payload_drop_panics
                .load(std::sync::atomic::Ordering::Relaxed),
            records_failed: entry.limiters.records_failed(),
            records_dropped: entry.limiters.records_dropped(),
            payloads_leaked: tally
                .payloads_leaked
                .load(std::sync::atomic::Ordering::Relaxed),
            future_drop_panics: tally
                .future_drop_panics
                .load(std::sync::atomic::Ordering::Relaxed),
            source: entry.source.to_string(),
        }
    }

    /// How many events were skipped for this reason.
    pub fn skipped(&self, reason: SkipReason) -> u64 {
        self.skips.get(&reason).copied().unwrap_or(0)
    }

    /// How many events were skipped in all.
    pub fn skipped_in_all(&self) -> u64 {
        self.skips.values().sum()
    }

    /// Whether every event that matched was handled or skipped: so it is whenever no call runs.
    pub fn is_conserved(&self) -> bool {
        self.matched == self.handled + self.skipped_in_all()
    }
}

impl HandlerState {
    pub(super) fn of(entry: &Entry) -> Self {
        if entry.gate.is_closed() {
            HandlerState::Detached
        } else if entry.is_paused() {
            HandlerState::Paused
        } else if entry.breaker.is_open_by_hand() {
            HandlerState::QuarantinedByHand
        } else if entry.breaker.is_tripped() {
            HandlerState::Quarantined
        } else if matches!(entry.runner, Runner::Annotated(Run::Plain)) {
            HandlerState::Plain
        } else {
            HandlerState::Attached
        }
    }

    const fn name(self) -> &'static str {
        match self {
            HandlerState::Attached => "attached",
            HandlerState::Plain => "plain",
            HandlerState::Paused => "paused",
            HandlerState::Quarantined => "quarantined",
            HandlerState::QuarantinedByHand => "quarantined by hand",
            HandlerState::Detached => "detached",
        }
    }
}

impl fmt::Display for HandlerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "telemetry is {}", self.phase)?;
        if self.isolation == Isolation::Abort {
            writeln!(
                f,
                "panics are NOT contained: this build has panic = \"abort\""
            )?;
        }
        self.write_handlers(f)?;
        for resource in &self.resources {
            write!(f, "resource {} is {}", resource.name, resource.readiness)?;
            match &resource.cause {
                Some(cause) if resource.readiness.is_serving() => {
                    writeln!(f, ", after it was down: {cause}")?;
                }
                Some(cause) => writeln!(f, ": {cause}")?,
                None => writeln!(f)?,
            }
        }
        if let Some(shutdown) = &self.shutdown {
            write!(f, "{shutdown}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        Ok(())
    }
}

impl Report {
    fn write_handlers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = self
            .handlers
            .iter()
            .map(|handler| handler.name.len())
            .max()
            .unwrap_or(0);
        let width = widest.max("handler".len());
        writeln!(
            f,
            "{:width$}  state        matched   handled   skips",
            "handler"
        )?;
        for handler in &self.handlers {
            let skips = handler
                .skips
                .iter()
                .map(|(reason, count)| format!("{reason} {count}"));
            let others = [
                ("running", handler.in_flight as u64),
                ("slow", handler.over_budget),
                ("records failed", handler.records_failed),
                ("records dropped", handler.records_dropped),
                ("leaked", handler.payloads_leaked),
            ];
            let others = others.iter().filter(|(_, count)| *count > 0);
            let skips: Vec<String> = skips
                .chain(others.map(|(what, count)| format!("({count} {what})")))
                .collect();
            let skips = if skips.is_empty() {
                "-".to_owned()
            } else {
                skips.join(", ")
            };
            writeln!(
                f,
                "{:width$}  {:11} {:>8}  {:>8}   {skips}",
                handler.name, handler.state, handler.matched, handler.handled,
            )?;
        }
        Ok(())
    }
}

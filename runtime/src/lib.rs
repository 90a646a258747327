//! Handlers that cannot hurt their host.
//!
//! Put [`#[defensive_handler(on = "..")]`](macro@defensive_handler) on a function, and it attaches
//! by itself when a [`Telemetry`] starts, is run on the events that match, and keeps its panics and
//! errors to itself: each failure becomes a [skip](Skip) for a [reason](SkipReason), is counted,
//! and is told if the [`Config`] says so. What it needs is a [`Resource`], leased for each call.
//! Without `on`, the attribute defends a function of your own in place.
//!
//! ```
//! use gambeson::{Event, FieldError, Resource, SkipReason, Telemetry, defensive_handler, emit};
//! use std::sync::atomic::{AtomicU64, Ordering};
//!
//! static TILL: Resource<AtomicU64> = Resource::new("till");
//!
//! #[defensive_handler(on = "shop.order.stop")]
//! fn count_cash(event: &Event<'_>, #[needs(TILL)] till: &AtomicU64) -> Result<(), FieldError> {
//!     till.fetch_add(event.number("cents")? as u64, Ordering::Relaxed);
//!     Ok(())
//! }
//!
//! let telemetry = Telemetry::builder().start()?;
//! emit!("shop.order.stop", { cents = 250 }); // there is no till yet
//! let till = TILL.provide(AtomicU64::new(0));
//! emit!("shop.order.stop", { cents = 250 });
//! emit!("shop.order.stop", { euros = 2.5 }); // the field it asks for is missing
//!
//! let report = telemetry.shutdown();
//! let counts = report.handler("count_cash").unwrap();
//! assert_eq!((counts.matched, counts.handled), (3, 1));
//! assert_eq!(counts.skipped(SkipReason::Unavailable), 1);
//! assert_eq!(counts.skipped(SkipReason::ContractViolation), 1);
//! # Ok::<(), gambeson::StartError>(())
//! ```
//!
//! What is promised, and where that ends, is in [`docs::guarantees`].
//!
//! # Features
//!
//! - `inventory` (default): annotated handlers are found at start. Without it they are attached by
//!   hand, with [`handler!`].
//! - `tokio`: async handlers are served by the tokio runtime that `start` is called in or given;
//!   tokio's errors are classified; a cancellation token and a tracker for the host's tasks.
//! - `signals` (Unix): SIGTERM and SIGINT end the process gracefully, by
//!   `Builder::exit_on_signals`, or are received through `signals`.
//! - `ractor`: actors of ractor are resources, whose deaths are told and which are spawned again, by
//!   [`ractor`](mod@ractor); ractor's errors are classified.
//! - `tracing-layer`: spans and events of any library that uses tracing are events for handlers, by
//!   `tracing_layer()`; layers of others are guarded, by `guard::layer`.
//! - `metrics`: recorders of metrics are guarded, by `guard::recorder`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod blocking;
mod call;
mod classify;
mod clock;
mod conduct;
mod config;
mod contain;
pub mod context;
mod defend;
mod diagnostics;
mod discovery;
mod dispatch;
mod emit;
mod escape;
mod event;
mod gate;
mod glob;
mod graph;
#[cfg(any(feature = "metrics", feature = "tracing-layer"))]
pub mod guard;
mod handler;
mod hazard;
mod held;
mod instance;
mod instrument;
mod limiter;
#[cfg(all(test, loom))]
mod model;
mod nearest;
mod outcome;
mod pattern;
mod phase;
mod queue;
#[cfg(feature = "ractor")]
pub mod ractor;
mod reason;
mod registry;
mod resource;
mod running;
#[cfg(all(feature = "signals", unix))]
pub mod signals;
mod sync;
mod tasks;
mod telemetry;
#[cfg(feature = "tracing-layer")]
mod tracing_layer;
mod verdict;

/// The pages of the documentation.
#[cfg(any(doc, doctest))]
pub mod docs {
    #[doc = include_str!("../docs/config.md")]
    pub mod config {}
    #[doc = include_str!("../docs/guarantees.md")]
    pub mod guarantees {}
    #[doc = include_str!("../docs/instrumented.md")]
    pub mod instrumented {}
    #[doc = include_str!("../docs/performance.md")]
    pub mod performance {}
    #[doc = include_str!("../docs/queues.md")]
    pub mod queues {}
    #[doc = include_str!("../docs/quiescence.md")]
    pub mod quiescence {}
    #[doc = include_str!("../docs/reasons.md")]
    pub mod reasons {}
    #[doc = include_str!("../docs/resources.md")]
    pub mod resources {}
    #[doc = include_str!("../docs/testing.md")]
    pub mod testing {}
}

#[doc(hidden)]
pub mod private;

pub use gambeson_macros::{Classify, defensive_handler, defensive_handlers, handler, instrumented};

#[cfg(feature = "tracing-layer")]
pub use crate::tracing_layer::tracing_layer;
pub use crate::{
    classify::Classify,
    clock::Clock,
    config::{
        Config, ConfigError, DebugLog, DurationError, GlobError, KeyPattern, NamePattern,
        QuarantineLimits, Rule, Settings, Shutdown,
    },
    contain::{HookError, PanicDetail, PanicLocation, PayloadKind},
    defend::{Defendable, Defense, defend, defend_or},
    event::{Event, FieldError, Number, OwnedEvent, Secret, SecretValue, ToNumber, ToValue, Value},
    handler::{Handler, IntoHandler, Quarantine},
    instance::{ActiveSpan, PartKind, ShutdownPart, ShutdownReport, Straggler},
    instrument::measure,
    outcome::{Outcome, Skip},
    pattern::{Pattern, PatternError},
    phase::Phase,
    reason::{SkipClass, SkipReason},
    registry::{NameError, OrderError},
    resource::{
        Down, DownCause, DrainReport, Hold, Lease, Monitor, Need, NotStarted, Provided, Readiness,
        Resource, ResourceHealth, Restart, Status, Unavailable, Watch, Watched,
    },
    telemetry::{
        AttachError, Builder, DetachError, Detached, FlushError, HandlerHealth, HandlerReport,
        HandlerState, Health, Isolation, Probe, Report, ResourceReport, StartError, Telemetry,
        exit_with_flush,
    },
    verdict::IntoVerdict,
};

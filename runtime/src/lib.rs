//! Handlers that cannot hurt their host.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod call;
mod classify;
mod config;
mod contain;
mod diagnostics;
mod discovery;
mod dispatch;
mod event;
mod gate;
mod handler;
mod instrument;
mod nearest;
mod outcome;
mod pattern;
mod queue;
mod reason;
mod registry;
mod resource;
mod sync;
mod telemetry;

#[doc(hidden)]
pub mod private;

pub use gambeson_macros::{Classify, defensive_handler, handler};

pub use crate::{
    call::IntoVerdict,
    classify::Classify,
    config::{
        Config, ConfigError, DebugLog, DurationError, GlobError, KeyPattern, NamePattern, Rule,
        Settings, Shutdown,
    },
    contain::{HookError, PanicDetail, PanicLocation, PayloadKind},
    event::{Event, FieldError, Number, OwnedEvent, ToNumber, ToValue, Value},
    handler::{Handler, Quarantine},
    outcome::{Outcome, Skip},
    pattern::{Pattern, PatternError},
    reason::{SkipClass, SkipReason},
    registry::{NameError, OrderError},
    resource::{DrainReport, Hold, Lease, Need, Provided, Readiness, Resource, Unavailable},
    telemetry::{
        AttachError, Builder, DetachError, Detached, HandlerReport, HandlerState, Isolation, Phase,
        Report, ResourceReport, ShutdownReport, StartError, Straggler, Telemetry,
    },
};

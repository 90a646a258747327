//! What can be wrong with starting, attaching and detaching.

use std::{fmt, time::Duration};

use crate::{
    contain::HookError,
    pattern::PatternError,
    phase::Phase,
    registry::{NameError, OrderError},
    resource::NotStarted,
};

/// A telemetry cannot be started. Nothing is attached.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The process's telemetry is running already.
    #[error(
        "the process's telemetry is running already; shut it down first, or start an isolated one"
    )]
    AlreadyRunning,
    /// Registrations that [`expect_handlers!`](crate::expect_handlers) names are not there.
    #[error(
        "the registrations of {} are missing{}: name their crate with \
         `gambeson::attach_crate!(..)`, or the linker leaves it out",
        quoted(names),
        nearest.as_ref().map(|name| format!(" (there is `{name}`)")).unwrap_or_default()
    )]
    Lost {
        /// The handlers that were expected and not found.
        names: Vec<String>,
        /// The registered name that is most like the first of them.
        nearest: Option<String>,
    },
    /// A handler cannot be attached.
    #[error(transparent)]
    Attach(#[from] AttachError),
    /// A resource that is [required](crate::Builder::require) was not there at the deadline.
    #[error(transparent)]
    Resource(#[from] NotStarted),
    /// Resources need each other in a circle.
    #[error("resources need each other: `{}`", path.join("` after `"))]
    ResourceCycle {
        /// The resources on the way round; the first one comes again at the end.
        path: Vec<String>,
    },
    /// The panic hook cannot be installed.
    #[error(transparent)]
    Hook(#[from] HookError),
    /// Signals cannot be received.
    #[cfg(all(feature = "signals", unix))]
    #[error("SIGTERM and SIGINT cannot be received: {0}")]
    Signals(#[source] std::io::Error),
}

/// A handler cannot be attached.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttachError {
    /// Its pattern can never match.
    #[error("the pattern `{pattern}` of handler `{handler}`: {error}")]
    Pattern {
        /// The handler.
        handler: String,
        /// The pattern as it was given.
        pattern: String,
        /// What is wrong with it.
        error: PatternError,
    },
    /// It handles no events: it is called in place.
    #[error(
        "handler `{handler}` has no `on = \"..\"`: it is defended where it is called, not attached"
    )]
    Plain {
        /// The handler.
        handler: String,
    },
    /// It has no name.
    #[error("a handler needs a name, for reports, rules and the order")]
    Unnamed,
    /// Names and dependencies do not fit together.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// Async handlers have nothing to run on.
    #[error(
        "no async runtime to run {} on: start inside a tokio runtime, or give the builder one \
         (feature `tokio`)",
        quoted(handlers)
    )]
    NoRuntime {
        /// The async handlers.
        handlers: Vec<String>,
    },
    /// Its queue would refuse every event.
    #[error("the queue of handler `{handler}` has no room: give `queue` 1 event or more")]
    NoRoom {
        /// The handler.
        handler: String,
    },
    /// Its queue has nobody to serve it.
    #[error("no thread for the queue of handler `{handler}` can be had: {error}")]
    NoThread {
        /// The handler.
        handler: String,
        /// What the system said.
        error: String,
    },
    /// The telemetry takes no handlers any more.
    #[error("handlers cannot be attached while the telemetry is {phase}")]
    NotRunning {
        /// Its phase.
        phase: Phase,
    },
}

/// A handler is not, or not yet, detached.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DetachError {
    /// No handler is meant, or several.
    #[error(transparent)]
    Name(#[from] NameError),
    /// It is detached and takes no new calls, but some are still running at the deadline.
    #[error(
        "handler `{handler}` is detached, but {in_flight} of its calls still ran after {waited:?}{}",
        on(threads)
    )]
    StillRunning {
        /// The handler.
        handler: String,
        /// How many calls are running.
        in_flight: usize,
        /// The threads that run them, by name or number; calls that are queued or await something are
        /// on none.
        threads: Vec<String>,
        /// How long was waited: so long they have been running at least.
        waited: Duration,
    },
    /// It is detached and takes no new calls; this is the only thread that could run them.
    #[error(
        "handler `{handler}` is detached, but {in_flight} of its calls are pending, and this thread would have to run them"
    )]
    OnItsRuntime {
        /// The handler.
        handler: String,
        /// How many calls are pending.
        in_flight: usize,
    },
    /// It is detached and takes no new calls; a handler's call cannot wait for calls to end.
    #[error(
        "handler `{handler}` is detached, but {in_flight} of its calls are running, and a handler cannot wait for them"
    )]
    InsideHandler {
        /// The handler.
        handler: String,
        /// How many calls are running.
        in_flight: usize,
    },
}

/// What `main` prints of an error that it returns is its `Debug`.
macro_rules! debug_as_display {
    ($($error:ty),*) => {$(
        impl fmt::Debug for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}

debug_as_display!(StartError, AttachError, DetachError);

fn quoted(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn on(threads: &[String]) -> String {
    if threads.is_empty() {
        return String::new();
    }
    format!(", on {}", quoted(threads))
}

//! How a call ended.

use crate::{
    classify,
    contain::Witnessed,
    escape,
    event::Value,
    reason::{SkipClass, SkipReason},
    verdict::Failed,
};

/// How much of an error's text is told.
const TEXT_CAP: usize = 1024;

#[derive(Debug)]
pub(super) enum Ending {
    /// With a value; its text, where that is logged.
    Returned(Option<String>),
    Failed(Failure),
    /// With a failure that nobody asked for.
    Unwanted,
}

/// Why there was no good value.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    pub(super) reason: SkipReason,
    pub(super) message: String,
    /// The type of what was thrown or returned.
    pub(super) thrown: &'static str,
    /// Where a panic began.
    pub(super) location: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Error,
    Panic,
    Cancelled,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Error => "error",
            Kind::Panic => "panic",
            Kind::Cancelled => "cancelled",
        }
    }
}

impl Failure {
    /// An error that is returned, with what it says, once that has been cleaned.
    pub(super) fn error(failed: &Failed<'_>, clean: impl FnOnce(String) -> String) -> Self {
        let (reason, message) = failed.read(TEXT_CAP);
        Failure {
            kind: Kind::Error,
            reason,
            message: clean(message),
            thrown: failed.error_type(),
            location: None,
        }
    }

    /// An error that panicked when it was asked what it is.
    pub(super) fn unclassified() -> Self {
        Failure {
            kind: Kind::Error,
            reason: SkipReason::Unexpected,
            message: "an error that panics when it is classified".to_owned(),
            thrown: "unknown",
            location: None,
        }
    }

    /// A panic, as far as the hook saw it; likewise.
    pub(super) fn panic(witnessed: Witnessed, clean: impl FnOnce(String) -> String) -> Self {
        let reason = witnessed.message.as_deref().map(classify::message_reason);
        let message = witnessed.message.as_deref().unwrap_or(UNKNOWN_PANIC);
        Failure {
            kind: Kind::Panic,
            reason: reason.unwrap_or(SkipReason::Unexpected),
            message: clean(escape::bounded(message, TEXT_CAP).text),
            thrown: "panic",
            location: witnessed.location.map(|location| location.to_string()),
        }
    }

    pub(super) fn cancelled() -> Self {
        Failure {
            kind: Kind::Cancelled,
            reason: SkipReason::Cancelled,
            message: "dropped before its end".to_owned(),
            thrown: "cancelled",
            location: None,
        }
    }

    /// What an event says of it.
    pub(super) fn metadata(&self) -> [(&'static str, Value<'_>); 3] {
        [
            ("kind", Value::Text(self.kind.name())),
            ("reason", Value::Text(self.reason.code())),
            ("error", Value::Text(&self.message)),
        ]
    }

    /// The `error.type` of OpenTelemetry, from a closed list.
    pub(super) fn error_type(&self) -> &'static str {
        match self.reason {
            SkipReason::Unexpected => "_OTHER",
            reason => reason.code(),
        }
    }

    /// Whether it is an error at all, or what is expected of surroundings that come and go.
    pub(super) fn is_error(&self) -> bool {
        matches!(self.reason.class(), SkipClass::Bug | SkipClass::Overload)
    }
}

const UNKNOWN_PANIC: &str = "a panic whose message the panic hook was not shown";

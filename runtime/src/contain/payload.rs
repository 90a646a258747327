//! What a panic carried: described without running its code, disposed of without trust.

use std::{any::Any, error::Error, fmt};

use serde::Serialize;

use crate::escape::{self, Escaped};

/// A panic's payload, as `catch_unwind` gives it.
pub(crate) type Payload = Box<dyn Any + Send>;

/// How much of a panic's message is kept, in bytes.
pub(crate) const MESSAGE_CAP: usize = 4096;

/// What was in the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PayloadKind {
    /// A literal message.
    Str,
    /// A formatted message.
    String,
    /// An error thrown with `panic_any`.
    Error,
    /// Any other value. Its `Debug` is never asked for.
    Opaque,
}

/// Where a panic began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PanicLocation {
    /// The source file, as the compiler was given it.
    pub file: Box<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

/// A contained panic: its message bounded and free of control characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PanicDetail {
    /// The message; of an error what it and its sources say, as of one that is returned; empty for an
    /// opaque payload.
    pub message: String,
    /// Whether the message was longer than what is kept.
    pub truncated: bool,
    /// What was in the payload.
    pub kind: PayloadKind,
    /// Where it began; unknown for a panic that was resumed without its hook.
    pub location: Option<PanicLocation>,
}

impl PanicDetail {
    /// `said` is what is known already of an error in the payload, which can be asked only once.
    pub(crate) fn of(
        payload: &(dyn Any + Send),
        said: Option<Escaped>,
        location: Option<PanicLocation>,
    ) -> Self {
        let (kind, text) = match (message_of(payload), error_in(payload)) {
            (Some(message), _) => {
                let kind = if payload.is::<String>() {
                    PayloadKind::String
                } else {
                    PayloadKind::Str
                };
                (kind, escape::bounded(message, MESSAGE_CAP))
            }
            (None, Some(error)) => {
                let ask = || super::chain_text(error, MESSAGE_CAP);
                (PayloadKind::Error, said.unwrap_or_else(ask))
            }
            (None, None) => (PayloadKind::Opaque, escape::bounded("", MESSAGE_CAP)),
        };
        PanicDetail {
            message: text.text,
            truncated: text.truncated,
            kind,
            location,
        }
    }
}

impl fmt::Display for PanicLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The text of a payload made by `panic!`.
pub(crate) fn message_of(payload: &(dyn Any + Send)) -> Option<&str> {
    match payload.downcast_ref::<&'static str>() {
        Some(message) => Some(message),
        None => payload.downcast_ref::<String>().map(String::as_str),
    }
}

/// Whether `panic!` made the payload, whose drop then is no user code.
pub(crate) fn is_text(payload: &(dyn Any + Send)) -> bool {
    message_of(payload).is_some()
}

/// The error in a payload thrown with `panic_any`, for the types that are thrown in practice.
pub(crate) fn error_in(payload: &(dyn Any + Send)) -> Option<&(dyn Error + 'static)> {
    fn as_error<E: Error + 'static>(payload: &(dyn Any + Send)) -> Option<&(dyn Error + 'static)> {
        payload
            .downcast_ref::<E>()
            .map(|error| error as &(dyn Error + 'static))
    }
    payload
        .downcast_ref::<Box<dyn Error + Send + Sync>>()
        .map(|error| &**error as &(dyn Error + 'static))
        .or_else(|| {
            payload
                .downcast_ref::<Box<dyn Error + Send>>()
                .map(|error| &**error as _)
        })
        .or_else(|| as_error::<std::io::Error>(payload))
        .or_else(|| as_error::<crate::Skip>(payload))
}

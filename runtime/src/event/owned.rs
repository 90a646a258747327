//! An event that outlives its emission, for queues and tests.

use std::{fmt, sync::OnceLock, time::SystemTime};

use super::{Event, Number, Secret, SecretValue, Value, secret::REDACTED};

/// A copy of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnedEvent {
    name: Box<str>,
    measurements: Box<[(Box<str>, Number)]>,
    metadata: Box<[(Box<str>, OwnedValue)]>,
    at: SystemTime,
}

/// A metadata value that outlives the emission.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OwnedValue {
    Text(Box<str>),
    Secret(Secret<Box<OwnedValue>>),
    Plain(Value<'static>),
}

impl OwnedEvent {
    pub(super) fn of(event: &Event<'_>) -> Self {
        OwnedEvent {
            name: event.name().into(),
            measurements: event
                .measurements()
                .iter()
                .map(|&(key, number)| (key.into(), number))
                .collect(),
            metadata: event
                .metadata()
                .iter()
                .map(|&(key, value)| (key.into(), OwnedValue::of(value)))
                .collect(),
            at: event.at(),
        }
    }

    /// The dotted name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When it happened.
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// Lends the event to `code` in the form that handlers take.
    pub fn with<R>(&self, code: impl FnOnce(&Event<'_>) -> R) -> R {
        code(&self.lend(&self.measurements(), &self.metadata()))
    }

    /// The measurements, in the form that [`OwnedEvent::lend`] takes.
    pub(crate) fn measurements(&self) -> Vec<(&str, Number)> {
        self.measurements
            .iter()
            .map(|(key, number)| (&**key, *number))
            .collect()
    }

    /// The metadata, in the form that [`OwnedEvent::lend`] takes.
    pub(crate) fn metadata(&self) -> Vec<(&str, Value<'_>)> {
        self.metadata
            .iter()
            .map(|(key, value)| (&**key, value.lend()))
            .collect()
    }

    /// The event, of parts that the caller keeps.
    pub(crate) fn lend<'a>(
        &'a self,
        measurements: &'a [(&'a str, Number)],
        metadata: &'a [(&'a str, Value<'a>)],
    ) -> Event<'a> {
        Event {
            name: &self.name,
            measurements,
            metadata,
            at: OnceLock::from(self.at),
        }
    }
}

impl OwnedValue {
    pub(crate) fn of(value: Value<'_>) -> Self {
        match value {
            Value::Text(text) => OwnedValue::Text(text.into()),
            Value::Bool(truth) => OwnedValue::Plain(Value::Bool(truth)),
            Value::Number(number) => OwnedValue::Plain(Value::Number(number)),
            Value::Absent => OwnedValue::Plain(Value::Absent),
            Value::Secret(secret) => {
                OwnedValue::Secret(Secret::new(Box::new(OwnedValue::of(secret.expose()))))
            }
        }
    }

    pub(crate) fn lend(&self) -> Value<'_> {
        match self {
            OwnedValue::Text(text) => Value::Text(text),
            OwnedValue::Secret(secret) => SecretValue::of(secret.expose().lend()),
            OwnedValue::Plain(value) => *value,
        }
    }

    /// The value as tracing takes it.
    pub(crate) fn as_tracing(&self) -> &dyn tracing::Value {
        match self {
            OwnedValue::Text(text) => text,
            OwnedValue::Secret(_) | OwnedValue::Plain(Value::Secret(_)) => &REDACTED,
            OwnedValue::Plain(Value::Bool(truth)) => truth,
            OwnedValue::Plain(Value::Number(Number::Signed(number))) => number,
            OwnedValue::Plain(Value::Number(Number::Unsigned(number))) => number,
            OwnedValue::Plain(Value::Number(Number::Float(number))) => number,
            OwnedValue::Plain(Value::Absent | Value::Text(_)) => &tracing::field::Empty,
        }
    }
}

impl fmt::Display for OwnedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|event| event.fmt(f))
    }
}

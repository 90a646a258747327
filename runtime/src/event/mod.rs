//! Events: a dotted name, measurements, metadata, a time.

mod owned;
mod secret;
mod value;

use std::{fmt, sync::OnceLock, time::SystemTime};

pub use self::{
    owned::OwnedEvent,
    secret::{Secret, SecretValue},
    value::{Number, ToNumber, ToValue, Value},
};
pub(crate) use self::{owned::OwnedValue, secret::REDACTED};

/// What happened, as a handler sees it.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    name: &'a str,
    measurements: &'a [(&'a str, Number)],
    metadata: &'a [(&'a str, Value<'a>)],
    at: OnceLock<SystemTime>,
}

/// A field that a handler asked for is missing, or not of the kind asked for.
///
/// Its reason is [`contract_violation`](crate::SkipReason::ContractViolation).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// The event has no field of this name.
    #[error("event `{event}` has no {kind} `{key}`")]
    Missing {
        /// The event's name.
        event: String,
        /// What was asked for: `measurement`, `text` or `truth value`.
        kind: &'static str,
        /// The field's name.
        key: String,
    },
    /// The field is there, but is of another kind.
    #[error("field `{key}` of event `{event}` is no {kind}")]
    Kind {
        /// The event's name.
        event: String,
        /// What was asked for: `measurement`, `text` or `truth value`.
        kind: &'static str,
        /// The field's name.
        key: String,
    },
}

impl<'a> Event<'a> {
    /// An event of these parts, as tests make it; [`emit!`](crate::emit) makes the others.
    ///
    /// ```
    /// use gambeson::{Event, Number, Value};
    /// let event = Event::new(
    ///     "shop.order.stop",
    ///     &[("amount", Number::Float(9.5))],
    ///     &[("order_id", Value::Text("A-1"))],
    /// );
    /// assert_eq!(event.number("amount").unwrap(), 9.5);
    /// assert_eq!(event.text("order_id").unwrap(), "A-1");
    /// assert!(event.text("customer").is_err());
    /// ```
    pub const fn new(
        name: &'a str,
        measurements: &'a [(&'a str, Number)],
        metadata: &'a [(&'a str, Value<'a>)],
    ) -> Self {
        Event {
            name,
            measurements,
            metadata,
            at: OnceLock::new(),
        }
    }

    /// The dotted name.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The numbers, in the order in which they were written.
    pub fn measurements(&self) -> &'a [(&'a str, Number)] {
        self.measurements
    }

    /// The other values, in the order in which they were written.
    pub fn metadata(&self) -> &'a [(&'a str, Value<'a>)] {
        self.metadata
    }

    /// When it happened: the time of the first question, which for a handler that runs where the
    /// event was emitted is during the emission. An event nobody asks costs no clock.
    pub fn at(&self) -> SystemTime {
        *self.at.get_or_init(SystemTime::now)
    }

    /// The measurement of this name, or the number under it in the metadata, as a float.
    ///
    /// # Errors
    ///
    /// If there is none, or it is no number.
    pub fn number(&self, key: &str) -> Result<f64, FieldError> {
        if let Some((_, number)) = self.measurements.iter().find(|(name, _)| *name == key) {
            return Ok(number.as_f64());
        }
        self.field(key, "measurement", Value::as_number)
            .map(Number::as_f64)
    }

    /// The text of this name in the metadata.
    ///
    /// # Errors
    ///
    /// If there is none, or it is no text.
    pub fn text(&self, key: &str) -> Result<&'a str, FieldError> {
        self.field(key, "text", Value::as_text)
    }

    /// The truth value of this name in the metadata.
    ///
    /// # Errors
    ///
    /// If there is none, or it is no truth value.
    pub fn truth(&self, key: &str) -> Result<bool, FieldError> {
        self.field(key, "truth value", Value::as_bool)
    }

    /// The metadata value of this name, of any kind.
    pub fn value(&self, key: &str) -> Option<Value<'a>> {
        self.metadata
            .iter()
            .find(|(name, _)| *name == key)
            .map(|&(_, value)| value)
    }

    /// A copy that outlives the emission.
    pub fn to_owned(&self) -> OwnedEvent {
        OwnedEvent::of(self)
    }

    fn field<T>(
        &self,
        key: &str,
        kind: &'static str,
        read: impl Fn(&Value<'a>) -> Option<T>,
    ) -> Result<T, FieldError> {
        let (event, key_name) = (|| self.name.to_owned(), || key.to_owned());
        match self.value(key) {
            Some(value) => read(&value).ok_or_else(|| FieldError::Kind {
                event: event(),
                kind,
                key: key_name(),
            }),
            None => Err(FieldError::Missing {
                event: event(),
                kind,
                key: key_name(),
            }),
        }
    }
}

/// `name {measurements} {metadata}`, with texts in quotes.
impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        for (key, number) in self.measurements {
            write!(f, " {key}={number}")?;
        }
        for (key, value) in self.metadata {
            f.write_str(" ")?;
            value.write_pair(key, f)?;
        }
        Ok(())
    }
}

//! The handlers, by area. One handler feeds one metric: what an event lacks costs exactly the
//! metric that needs it.

mod beacon;
mod client;
mod pipeline;
mod predict;
mod teleprompter;
mod traffic;

use gambeson::{Classify, Event, FieldError, Resource, Value};

pub(crate) use self::traffic::is_known;
use crate::metrics::Metrics;

/// What every handler writes to: while it is not provided, they are skipped.
pub(crate) static METRICS: Resource<Metrics> = Resource::new("metrics");

/// The providers that are told apart; all others are `other`.
pub(crate) const PROVIDERS: &[&str] = &["anthropic", "gemini", "mistral", "ollama", "openai"];

/// What is wrong with an event.
#[derive(Debug, thiserror::Error, Classify)]
enum EventError {
    #[error(transparent)]
    Field(#[from] FieldError),
    #[error("`{key}` is {value}, not {wanted}")]
    #[skip(contract_violation)]
    Range {
        key: &'static str,
        value: f64,
        wanted: &'static str,
    },
}

/// The number of this name; durations, token counts and costs are never below zero.
fn amount(event: &Event<'_>, key: &'static str) -> Result<f64, EventError> {
    let value = event.number(key)?;
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    let wanted = "zero or above";
    Err(EventError::Range { key, value, wanted })
}

/// The number of this name, between 0 and 1.
fn share(event: &Event<'_>, key: &'static str) -> Result<f64, EventError> {
    let value = event.number(key)?;
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    let wanted = "between 0 and 1";
    Err(EventError::Range { key, value, wanted })
}

/// Whether what the event tells of succeeded. An event that does not say so is no success.
fn success(event: &Event<'_>) -> Result<bool, FieldError> {
    let (name, kind, key) = (event.name().to_owned(), "truth value", "success".to_owned());
    match event.value("success") {
        Some(Value::Bool(success)) => Ok(success),
        Some(_) => Err(FieldError::Kind {
            event: name,
            kind,
            key,
        }),
        None => Err(FieldError::Missing {
            event: name,
            kind,
            key,
        }),
    }
}

fn provider(event: &Event<'_>) -> Result<&'static str, EventError> {
    let named = event.text("provider")?;
    let known = PROVIDERS.iter().find(|provider| **provider == named);
    Ok(known.copied().unwrap_or("other"))
}

/// The last segment of the event's name: `start`, `stop`, `exception`.
fn ending<'a>(event: &Event<'a>) -> &'a str {
    event.name().rsplit('.').next().unwrap_or_default()
}

/// The step that an event tells of: the last segment but one of its name, if it is one of these.
fn step(event: &Event<'_>, steps: &[&'static str]) -> &'static str {
    let segment = event.name().rsplit('.').nth(1);
    let known = steps.iter().find(|step| Some(**step) == segment);
    known.copied().unwrap_or("other")
}

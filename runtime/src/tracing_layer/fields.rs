//! The fields of a span or event, captured once, under guard, bounded.

use std::fmt;

use tracing::field::{Field, Visit};

use crate::{
    contain::Showing,
    emit::{start_of, text_as},
    event::{Number, OwnedValue, Value},
};

/// Fields in the order in which they were first recorded.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, OwnedValue)>);

impl Fields {
    /// What a recording of values has.
    pub(super) fn of(record: impl FnOnce(&mut dyn Visit)) -> Self {
        let mut fields = Fields::default();
        record(&mut fields);
        fields
    }

    /// Takes over what was recorded later.
    pub(super) fn update(&mut self, later: Fields) {
        for (key, value) in later.0 {
            match self.0.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = value,
                None => self.0.push((key, value)),
            }
        }
    }

    /// The text of this name, if it is one.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(known, _)| *known == key)?;
        value.lend().as_text()
    }

    pub(super) fn measurements(&self) -> impl Iterator<Item = (&str, Number)> {
        let numbers = |(key, value): (_, Value<'_>)| Some((key, value.as_number()?));
        self.pairs().filter_map(numbers)
    }

    pub(super) fn metadata(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.pairs()
            .filter(|(_, value)| value.as_number().is_none())
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.0.iter().map(|(key, value)| (*key, value.lend()))
    }

    fn push(&mut self, field: &Field, value: Value<'_>) {
        self.0.push((field.name(), OwnedValue::of(value)));
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.push(field, Value::Number(Number::Float(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.push(field, Value::Number(Number::Signed(value)));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.push(field, Value::Number(Number::Unsigned(value)));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.push(field, Value::Bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.push(field, Value::Text(start_of(value)));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let showing = match field.name() {
            "message" => Showing::Message,
            _ => Showing::Value,
        };
        let text = text_as(showing, format_args!("{value:?}")).into_boxed_str();
        self.0.push((field.name(), OwnedValue::Text(text)));
    }
}

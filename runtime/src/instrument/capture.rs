//! What is kept of a value: enough for a span of tracing and for an event of ours.

use std::{fmt, sync::Arc};

use tracing::field::{DisplayValue, Field, Visit};

use super::point::NOTHING;
use crate::{
    emit::text_of,
    event::{Number, OwnedValue, Value},
};

#[derive(Debug)]
pub(super) enum Captured {
    /// Nothing: the value comes later, or was not asked for.
    Nothing,
    AsIs(OwnedValue),
    /// What `%` or `?` made of it. A span records it as that, and not as a string.
    Shown {
        text: Arc<str>,
        shown: DisplayValue<Arc<str>>,
    },
}

impl Captured {
    pub(super) fn shown(text: String) -> Self {
        let text: Arc<str> = text.into();
        Captured::Shown {
            shown: tracing::field::display(text.clone()),
            text,
        }
    }

    /// Asks a value for itself, as a span would.
    pub(super) fn as_it_is(value: &(impl tracing::Value + ?Sized)) -> Self {
        let mut capture = Capture(Captured::AsIs(OwnedValue::Plain(Value::Absent)));
        if let Some(field) = NOTHING.fields().field("value") {
            value.record(&field, &mut capture);
        }
        capture.0
    }

    /// The value as tracing takes it; none where there is none.
    pub(super) fn as_recorded(&self) -> Option<&dyn tracing::Value> {
        match self {
            Captured::Nothing | Captured::AsIs(OwnedValue::Plain(Value::Absent)) => None,
            Captured::AsIs(value) => Some(value.as_tracing()),
            Captured::Shown { shown, .. } => Some(shown),
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Captured::Nothing)
    }

    pub(super) fn lend(&self) -> Value<'_> {
        match self {
            Captured::Nothing => Value::Absent,
            Captured::AsIs(value) => value.lend(),
            Captured::Shown { text, .. } => Value::Text(text),
        }
    }

    fn number(number: Number) -> Self {
        Captured::AsIs(OwnedValue::Plain(Value::Number(number)))
    }
}

struct Capture(Captured);

impl Visit for Capture {
    fn record_f64(&mut self, _: &Field, value: f64) {
        self.0 = Captured::number(Number::Float(value));
    }

    fn record_i64(&mut self, _: &Field, value: i64) {
        self.0 = Captured::number(Number::Signed(value));
    }

    fn record_u64(&mut self, _: &Field, value: u64) {
        self.0 = Captured::number(Number::Unsigned(value));
    }

    fn record_bool(&mut self, _: &Field, value: bool) {
        self.0 = Captured::AsIs(OwnedValue::Plain(Value::Bool(value)));
    }

    fn record_str(&mut self, _: &Field, value: &str) {
        self.0 = Captured::AsIs(OwnedValue::Text(value.into()));
    }

    fn record_debug(&mut self, _: &Field, value: &dyn fmt::Debug) {
        self.0 = Captured::shown(text_of(format_args!("{value:?}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_kept_as_it_is() {
        let text = |value: &dyn tracing::Value| Captured::as_it_is(value).lend().to_string();
        assert_eq!(text(&"a"), "a");
        assert_eq!(text(&u128::MAX), u128::MAX.to_string());
        assert_eq!(text(&Some(false)), "false");
        assert_eq!(text(&tracing::field::debug("a")), "\"a\"");
        let number = Captured::as_it_is(&-5_i8);
        assert_eq!(number.lend(), Value::Number(Number::Signed(-5)));
        let none = Captured::as_it_is(&tracing::field::Empty);
        assert_eq!(none.lend(), Value::Absent);
    }
}

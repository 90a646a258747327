//! What is kept of a value: enough for a span of tracing and for an event of ours.

use std::{borrow::Cow, fmt, sync::Arc};

use tracing::field::{DisplayValue, Field, Visit};

use super::point::NOTHING;
use crate::{
    emit::{CAPTURE_CAP, text_of},
    event::{Number, OwnedValue, REDACTED, Secret, Value},
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
    /// What is shown nowhere, known so that it is found where a failure quotes it.
    Secret {
        value: OwnedValue,
        shown: DisplayValue<Cow<'static, str>>,
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

    /// A value that is shown as `shown`, by default as what is redacted.
    pub(super) fn secret(value: OwnedValue, shown: Option<String>) -> Self {
        Captured::Secret {
            value: OwnedValue::Secret(Secret::new(Box::new(value))),
            shown: tracing::field::display(shown.map_or(REDACTED.into(), Cow::Owned)),
        }
    }

    /// The value, of which nobody is told more than that it is there.
    pub(super) fn hidden(self) -> Self {
        match self {
            Captured::AsIs(value) => Captured::secret(value, None),
            Captured::Shown { text, .. } => {
                Captured::secret(OwnedValue::Text((*text).into()), None)
            }
            Captured::Nothing | Captured::Secret { .. } => self,
        }
    }

    /// Asks a value for itself, as a span would.
    pub(super) fn as_it_is(value: &(impl tracing::Value + ?Sized)) -> Self {
        Captured::within(CAPTURE_CAP, value)
    }

    /// The same of a text's first bytes alone.
    pub(super) fn within(cap: usize, value: &(impl tracing::Value + ?Sized)) -> Self {
        let captured = Captured::AsIs(OwnedValue::Plain(Value::Absent));
        let mut capture = Capture { captured, cap };
        if let Some(field) = NOTHING.fields().field("value") {
            value.record(&field, &mut capture);
        }
        capture.captured
    }

    /// The value as tracing takes it; none where there is none.
    pub(super) fn as_recorded(&self) -> Option<&dyn tracing::Value> {
        match self {
            Captured::Nothing | Captured::AsIs(OwnedValue::Plain(Value::Absent)) => None,
            Captured::AsIs(value) => Some(value.as_tracing()),
            Captured::Shown { shown, .. } => Some(shown),
            Captured::Secret { shown, .. } => Some(shown),
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Captured::Nothing)
    }

    pub(super) fn lend(&self) -> Value<'_> {
        match self {
            Captured::Nothing => Value::Absent,
            Captured::AsIs(value) | Captured::Secret { value, .. } => value.lend(),
            Captured::Shown { text, .. } => Value::Text(text),
        }
    }

    fn number(number: Number) -> Self {
        Captured::AsIs(OwnedValue::Plain(Value::Number(number)))
    }
}

struct Capture {
    captured: Captured,
    cap: usize,
}

impl Visit for Capture {
    fn record_f64(&mut self, _: &Field, value: f64) {
        self.captured = Captured::number(Number::Float(value));
    }

    fn record_i64(&mut self, _: &Field, value: i64) {
        self.captured = Captured::number(Number::Signed(value));
    }

    fn record_u64(&mut self, _: &Field, value: u64) {
        self.captured = Captured::number(Number::Unsigned(value));
    }

    fn record_bool(&mut self, _: &Field, value: bool) {
        self.captured = Captured::AsIs(OwnedValue::Plain(Value::Bool(value)));
    }

    fn record_str(&mut self, _: &Field, value: &str) {
        let kept = &value[..value.floor_char_boundary(self.cap)];
        self.captured = Captured::AsIs(OwnedValue::Text(kept.into()));
    }

    fn record_debug(&mut self, _: &Field, value: &dyn fmt::Debug) {
        self.captured = Captured::shown(text_of(format_args!("{value:?}")));
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

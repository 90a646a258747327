//! The values that an event carries: numbers and metadata.

use std::{borrow::Cow, fmt, sync::Arc};

use serde::Serialize;

use super::SecretValue;

/// A measurement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Number {
    /// A signed integer.
    Signed(i64),
    /// An unsigned integer.
    Unsigned(u64),
    /// A floating-point number.
    Float(f64),
}

impl Number {
    /// The number as a float; integers beyond 2^53 are rounded.
    #[allow(clippy::cast_precision_loss, reason = "stated in the contract")]
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Signed(number) => number as f64,
            Number::Unsigned(number) => number as f64,
            Number::Float(number) => number,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Signed(number) => number.fmt(f),
            Number::Unsigned(number) => number.fmt(f),
            Number::Float(number) => number.fmt(f),
        }
    }
}

/// A metadata value, borrowed for the time of the event.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A text, as it is or as `%` and `?` captured it.
    Text(&'a str),
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// An `Option` that was `None`.
    Absent,
    /// A [`Secret`](crate::Secret), which is shown as `[redacted]`.
    Secret(SecretValue<'a>),
}

impl<'a> Value<'a> {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&'a str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The value with no more than `cap` bytes of a text, and whether it had more.
    pub(crate) fn cut(self, cap: usize) -> (Self, bool) {
        match self {
            Value::Text(text) => {
                let end = text.floor_char_boundary(cap);
                (Value::Text(&text[..end]), end < text.len())
            }
            Value::Secret(secret) => {
                let (value, is_cut) = secret.expose().cut(cap);
                (SecretValue::of(value), is_cut)
            }
            value => (value, false),
        }
    }

    /// Writes `key=value`, with texts in quotes.
    pub(crate) fn write_pair(&self, key: &str, f: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Value::Text(text) => write!(f, "{key}={text:?}"),
            value => write!(f, "{key}={value}"),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Bool(truth) => truth.fmt(f),
            Value::Number(number) => number.fmt(f),
            Value::Absent => f.write_str("-"),
            Value::Secret(secret) => secret.fmt(f),
        }
    }
}

/// A type whose values can be measurements.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    note = "measurements are integers, floats and durations (in seconds); give other values as metadata"
)]
pub trait ToNumber {
    /// The measurement.
    fn to_number(&self) -> Number;
}

/// A type whose values can be metadata as they are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be metadata as it is",
    note = "write `%` before the value for its Display, or `?` for its Debug"
)]
pub trait ToValue {
    /// The metadata value.
    fn to_value(&self) -> Value<'_>;
}

macro_rules! numbers {
    ($($type:ty => $variant:ident as $wide:ty;)*) => {$(
        impl ToNumber for $type {
            fn to_number(&self) -> Number {
                Number::$variant(<$wide>::from(*self))
            }
        }
        impl ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                Value::Number(self.to_number())
            }
        }
    )*};
}

numbers! {
    i8 => Signed as i64; i16 => Signed as i64; i32 => Signed as i64; i64 => Signed as i64;
    u8 => Unsigned as u64; u16 => Unsigned as u64; u32 => Unsigned as u64; u64 => Unsigned as u64;
    f32 => Float as f64; f64 => Float as f64;
}

macro_rules! word_sized {
    ($($type:ty => $variant:ident as $wide:ty;)*) => {$(
        impl ToNumber for $type {
            fn to_number(&self) -> Number {
                // No supported platform has pointers of more than 64 bits.
                Number::$variant(<$wide>::try_from(*self).unwrap_or(<$wide>::MAX))
            }
        }
        impl ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                Value::Number(self.to_number())
            }
        }
    )*};
}

word_sized! {
    isize => Signed as i64;
    usize => Unsigned as u64;
}

/// In seconds.
impl ToNumber for std::time::Duration {
    fn to_number(&self) -> Number {
        Number::Float(self.as_secs_f64())
    }
}

impl ToNumber for Number {
    fn to_number(&self) -> Number {
        *self
    }
}

impl<T: ToNumber + ?Sized> ToNumber for &T {
    fn to_number(&self) -> Number {
        (**self).to_number()
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for Cow<'_, str> {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl ToValue for Value<'_> {
    fn to_value(&self) -> Value<'_> {
        *self
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Absent, ToValue::to_value)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue + ?Sized> ToValue for Box<T> {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue + ?Sized> ToValue for Arc<T> {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

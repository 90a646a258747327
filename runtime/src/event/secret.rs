//! Values that are shown nowhere.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Number, ToValue, Value};

/// What stands for a value that is not shown.
pub(crate) const REDACTED: &str = "[redacted]";

/// A value that is shown nowhere: its `Debug`, its `Display` and its serialized form are
/// `[redacted]`.
///
/// As metadata of an event, or as a field of a [context](crate::context), it stays a secret: it is
/// redacted in every record, and where the text of an error or of a panic quotes it, if it has four
/// bytes or more, it is redacted there. Handlers get at it by [`SecretValue::expose`]. As an argument of
/// an [instrumented](macro@crate::instrumented#secrets) call it is in nothing that is told of the call.
/// Other secrets are not looked for.
///
/// It guards against being shown by mistake. The memory it was in is not wiped.
///
/// ```
/// use gambeson::{Secret, emit};
///
/// let card = Secret::new("4111-1111");
/// assert_eq!(format!("{card} {card:?}"), "[redacted] [redacted]");
/// assert_eq!(card.expose(), &"4111-1111");
/// emit!("shop.paid", { amount = 9.5 }, { card });
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Keeps the value.
    pub const fn new(value: T) -> Self {
        Secret(value)
    }

    /// The value, for code that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value, which is kept no longer.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Secret(value)
    }
}

impl<T: ToValue> ToValue for Secret<T> {
    fn to_value(&self) -> Value<'_> {
        SecretValue::of(self.0.to_value())
    }
}

/// A metadata value that is shown nowhere, as a handler sees it.
#[derive(Clone, Copy, PartialEq)]
pub struct SecretValue<'a>(Kept<'a>);

#[derive(Clone, Copy, PartialEq)]
enum Kept<'a> {
    Text(&'a str),
    Bool(bool),
    Number(Number),
}

impl<'a> SecretValue<'a> {
    /// The value made secret; nothing is hidden by it where there is none.
    pub(crate) fn of(value: Value<'a>) -> Value<'a> {
        Value::Secret(SecretValue(match value {
            Value::Text(text) => Kept::Text(text),
            Value::Bool(truth) => Kept::Bool(truth),
            Value::Number(number) => Kept::Number(number),
            Value::Absent | Value::Secret(_) => return value,
        }))
    }

    /// The value, for code that needs it.
    ///
    /// ```
    /// use gambeson::{Secret, ToValue, Value};
    ///
    /// let card = Secret::new("4111-1111");
    /// let Value::Secret(secret) = card.to_value() else { unreachable!() };
    /// assert_eq!(secret.expose(), Value::Text("4111-1111"));
    /// ```
    pub fn expose(self) -> Value<'a> {
        match self.0 {
            Kept::Text(text) => Value::Text(text),
            Kept::Bool(truth) => Value::Bool(truth),
            Kept::Number(number) => Value::Number(number),
        }
    }
}

macro_rules! shown_as_redacted {
    ($([$($parameters:tt)*] $type:ty),*) => {$(
        impl<$($parameters)*> fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(REDACTED)
            }
        }

        impl<$($parameters)*> fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(REDACTED)
            }
        }

        impl<$($parameters)*> Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(REDACTED)
            }
        }
    )*};
}

shown_as_redacted!([T] Secret<T>, [] SecretValue<'_>);

#[cfg(test)]
mod tests {
    use super::*;

    /// Values are copied into every event.
    #[test]
    fn a_secret_takes_no_more_room_than_other_values() {
        assert_eq!(size_of::<Value<'_>>(), 3 * size_of::<usize>());
    }
}

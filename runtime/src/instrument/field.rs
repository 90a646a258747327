//! The values that an instrumented function shows: in its span and in its events.

use std::fmt;

use crate::{
    contain,
    emit::{capture_debug, capture_display},
    event::{OwnedValue, ToValue, Value},
};

/// How much of an argument's text is kept.
const ARGUMENT_CAP: usize = 1024;

/// A value that was captured once.
#[derive(Clone, Debug)]
pub struct Field {
    key: &'static str,
    value: OwnedValue,
}

/// A field of a value's `Display`.
pub fn field_display(key: &'static str, value: &(impl fmt::Display + ?Sized)) -> Field {
    Field {
        key,
        value: OwnedValue::of(capture_display(value).as_value()),
    }
}

/// A field of a value's `Debug`.
pub fn field_debug(key: &'static str, value: &(impl fmt::Debug + ?Sized)) -> Field {
    Field {
        key,
        value: OwnedValue::of(capture_debug(value).as_value()),
    }
}

/// A field of a value as it is.
pub fn field_value(key: &'static str, value: &(impl ToValue + ?Sized)) -> Field {
    Field {
        key,
        value: OwnedValue::of(value.to_value()),
    }
}

impl Field {
    /// The text of a value that was captured by `%` or `?`.
    pub fn text(&self) -> &str {
        match self.value.lend() {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// The value as tracing takes it.
    pub fn typed(&self) -> &dyn tracing::Value {
        self.value.as_tracing()
    }

    pub(super) fn pair(&self) -> (&str, Value<'_>) {
        (self.key, self.value.lend())
    }
}

/// An argument, to be shown with `(&&Argument(&value)).text()`.
#[derive(Debug)]
pub struct Argument<'a, T: ?Sized>(pub &'a T);

/// An argument that can be shown.
pub trait ArgumentByDebug {
    /// Its `Debug`, bounded.
    fn text(&self) -> String;
}

impl<T: fmt::Debug + ?Sized> ArgumentByDebug for &Argument<'_, T> {
    fn text(&self) -> String {
        contain::format(format_args!("{:?}", self.0), ARGUMENT_CAP).text
    }
}

/// An argument of which only the type is known.
pub trait ArgumentByType {
    /// The name of its type.
    fn text(&self) -> String;
}

impl<T: ?Sized> ArgumentByType for Argument<'_, T> {
    fn text(&self) -> String {
        std::any::type_name::<T>().to_owned()
    }
}

//! A value that an instrumented function shows: in its span and in its events.

use std::fmt;

use super::capture::Captured;
use crate::{emit::text_of, event::Value};

/// A value that was captured once, under its name.
#[derive(Debug)]
pub struct Field {
    key: &'static str,
    value: Captured,
}

/// A field of a value's `Display`.
pub fn field_display(key: &'static str, value: &(impl fmt::Display + ?Sized)) -> Field {
    Field::new(key, Captured::shown(text_of(format_args!("{value}"))))
}

/// A field of a value's `Debug`.
pub fn field_debug(key: &'static str, value: &(impl fmt::Debug + ?Sized)) -> Field {
    Field::new(key, Captured::shown(text_of(format_args!("{value:?}"))))
}

/// A value that a span records as it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be recorded as it is",
    note = "write `%` before the value for its Display, or `?` for its Debug"
)]
pub trait Recorded: tracing::Value {}

#[diagnostic::do_not_recommend]
impl<T: tracing::Value + ?Sized> Recorded for T {}

/// A field of a value as it is.
pub fn field_value(key: &'static str, value: &(impl Recorded + ?Sized)) -> Field {
    Field::new(key, Captured::as_it_is(value))
}

impl Field {
    pub(super) fn new(key: &'static str, value: Captured) -> Self {
        Field { key, value }
    }

    /// A field without a value, of an argument that is not there.
    pub fn absent(key: &'static str) -> Self {
        Field::new(key, Captured::ABSENT)
    }

    /// The value as tracing takes it.
    pub fn typed(&self) -> &dyn tracing::Value {
        self.value.as_tracing()
    }

    pub(super) fn pair(&self) -> (&str, Value<'_>) {
        (self.key, self.value.lend())
    }
}

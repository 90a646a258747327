//! What `%` and `?` make of a value: once, bounded, under guard.

use std::fmt::{self, Write};

use crate::{
    contain::{self, Showing},
    event::Value,
};

/// How much of a value's text is kept for an event, in bytes.
pub(crate) const CAPTURE_CAP: usize = 64 * 1024;

/// What `%` or `?` made of a value, once.
#[derive(Debug)]
pub struct Captured(String);

impl Captured {
    /// The text as metadata.
    pub fn as_value(&self) -> Value<'_> {
        Value::Text(&self.0)
    }
}

/// What stands for a value that is emitted in a panic hook: no handler will see it, and a panic in
/// its formatting could not be caught.
const IN_PANIC_HOOK: &str = "<not formatted in a panic hook>";

/// Captures a value by its `Display`.
pub fn capture_display(value: &(impl fmt::Display + ?Sized)) -> Captured {
    Captured(text_of(format_args!("{value}")))
}

/// Captures a value by its `Debug`.
pub fn capture_debug(value: &(impl fmt::Debug + ?Sized)) -> Captured {
    Captured(text_of(format_args!("{value:?}")))
}

/// What is kept of a formatted value.
pub(crate) fn text_of(arguments: fmt::Arguments<'_>) -> String {
    text_as(Showing::Value, arguments)
}

/// What is kept of what is shown so.
pub(crate) fn text_as(showing: Showing, arguments: fmt::Arguments<'_>) -> String {
    if contain::in_panic_hook() {
        return IN_PANIC_HOOK.to_owned();
    }
    let mut cut = Cut(String::new());
    match contain::write_guarded(showing, &mut cut, |to| to.write_fmt(arguments)) {
        Ok(()) => cut.0,
        Err(marker) => marker.to_owned(),
    }
}

/// What is kept of a text.
#[cfg(feature = "tracing-layer")]
pub(crate) fn start_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(CAPTURE_CAP)]
}

/// A text that refuses more than [`CAPTURE_CAP`] bytes.
struct Cut(String);

impl Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = CAPTURE_CAP - self.0.len();
        self.0.push_str(&text[..text.floor_char_boundary(room)]);
        if text.len() > room {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

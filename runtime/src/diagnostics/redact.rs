//! Values that must not be written: by the name of their key, also where a message quotes them.

use std::fmt::Write;

use crate::{
    config::DebugLog,
    escape::{self, Bounded},
    event::{Event, Value},
};

const REDACTED: &str = "[redacted]";

/// Texts shorter than this are not searched for in messages: they would be found everywhere.
const SHORTEST_SECRET: usize = 4;

/// The event's fields as `key=value`, redacted, escaped and bounded.
pub(super) fn fields(event: &Event<'_>, log: &DebugLog) -> String {
    let mut text = Bounded::new(log.max_value_bytes);
    let _ = write_fields(event, log, &mut text);
    text.finish().text
}

fn write_fields(event: &Event<'_>, log: &DebugLog, text: &mut Bounded) -> std::fmt::Result {
    let mut separator = "";
    for (key, number) in event.measurements() {
        if is_secret(key, log) {
            write!(text, "{separator}{key}={REDACTED}")?;
        } else {
            write!(text, "{separator}{key}={number}")?;
        }
        separator = " ";
    }
    for (key, value) in event.metadata() {
        match (is_secret(key, log), value) {
            (true, _) => write!(text, "{separator}{key}={REDACTED}")?,
            (false, Value::Text(value)) => write!(text, "{separator}{key}={value:?}")?,
            (false, value) => write!(text, "{separator}{key}={value}")?,
        }
        separator = " ";
    }
    Ok(())
}

/// The message without the texts of the event's secret fields.
pub(super) fn message(message: &str, event: Option<&Event<'_>>, log: &DebugLog) -> String {
    let mut clean = message.to_owned();
    for (key, value) in event.map_or(&[][..], Event::metadata) {
        if let Value::Text(secret) = value
            && secret.len() >= SHORTEST_SECRET
            && is_secret(key, log)
        {
            // The message has been escaped, so its quotation of the secret has been, too.
            let escaped = escape::bounded(secret, secret.len() * 8).text;
            clean = clean.replace(&escaped, REDACTED);
        }
    }
    clean
}

fn is_secret(key: &str, log: &DebugLog) -> bool {
    log.redact.iter().any(|pattern| pattern.matches(key))
}

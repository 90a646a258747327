//! Values that must not be written: by the name of their key, also where a message quotes them.

use std::{cmp::Reverse, fmt::Write};

use crate::{
    config::DebugLog,
    escape::{self, Bounded},
    event::{Event, Value},
};

const REDACTED: &str = "[redacted]";

/// Texts shorter than this are not searched for in messages: they would be found everywhere.
const SHORTEST_SECRET: usize = 4;

/// How many bytes an escape has at most for each byte that it stands for.
const LONGEST_ESCAPE: usize = 8;

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

/// The message without what the event's secret fields hold.
pub(super) fn message(message: &str, event: Option<&Event<'_>>, log: &DebugLog) -> String {
    let mut secrets = event.map_or_else(Vec::new, |event| secrets(event, log));
    // The longest first, for another may be a part of it.
    secrets.sort_by_key(|secret| Reverse(secret.len()));
    let mut clean = message.to_owned();
    for secret in &secrets {
        clean = clean.replace(secret, REDACTED);
    }
    let cut = secrets.iter().filter_map(|secret| begun(&clean, secret));
    if let Some(start) = cut.min() {
        clean.truncate(start);
        clean.push_str(REDACTED);
    }
    clean
}

/// What the secret fields hold, as a message may quote it: as it is, and as `Debug` writes it. The
/// message has been escaped, so its quotations have been, too.
fn secrets(event: &Event<'_>, log: &DebugLog) -> Vec<String> {
    let mut secrets = Vec::new();
    for (_, number) in event
        .measurements()
        .iter()
        .filter(|(key, _)| is_secret(key, log))
    {
        secrets.push(number.to_string());
    }
    for (_, value) in event
        .metadata()
        .iter()
        .filter(|(key, _)| is_secret(key, log))
    {
        match value {
            Value::Text(text) => {
                let quoted = format!("{text:?}");
                secrets.push(escaped(&quoted[1..quoted.len() - 1]));
                secrets.push(escaped(text));
            }
            value => secrets.push(value.to_string()),
        }
    }
    secrets.retain(|secret| secret.len() >= SHORTEST_SECRET);
    secrets
}

fn escaped(text: &str) -> String {
    escape::bounded(text, text.len() * LONGEST_ESCAPE).text
}

/// Where the message ends with the beginning of a secret, because it was cut there.
fn begun(message: &str, secret: &str) -> Option<usize> {
    let ends = secret.char_indices().map(|(end, _)| end).rev();
    ends.take_while(|end| *end >= SHORTEST_SECRET)
        .find(|end| message.ends_with(&secret[..*end]))
        .map(|end| message.len() - end)
}

fn is_secret(key: &str, log: &DebugLog) -> bool {
    log.redact.iter().any(|pattern| pattern.matches(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::KeyPattern, event::Number};

    fn redacted(text: &str, metadata: &[(&str, Value<'_>)]) -> String {
        let log = DebugLog {
            redact: vec![KeyPattern::parse("*.pin").expect("a pattern")],
            ..DebugLog::default()
        };
        let measurements = [("old.pin", Number::Unsigned(13_579))];
        let event = Event::new("a.b", &measurements, metadata);
        message(text, Some(&event), &log)
    }

    #[test]
    fn a_secret_with_quotes_and_backslashes_is_found_as_debug_writes_it() {
        let secret = r#"se"cr\et"#;
        let text = format!("no {secret:?}, no {secret}");
        let clean = redacted(&text, &[("new.pin", Value::Text(secret))]);
        assert_eq!(clean, r#"no "[redacted]", no [redacted]"#);
    }

    #[test]
    fn numbers_can_be_secrets() {
        let pin = Value::Number(Number::Signed(24_680));
        assert_eq!(
            redacted("24680 is not 13579", &[("new.pin", pin)]),
            "[redacted] is not [redacted]"
        );
    }

    #[test]
    fn a_secret_that_begins_with_another_leaves_no_rest() {
        let metadata = [
            ("a.pin", Value::Text("1234")),
            ("b.pin", Value::Text("1234-5678")),
        ];
        assert_eq!(redacted("got 1234-5678", &metadata), "got [redacted]");
    }

    #[test]
    fn a_secret_that_the_end_of_the_message_cuts_is_redacted() {
        let metadata = [("new.pin", Value::Text("open sesame"))];
        assert_eq!(redacted("say open ses", &metadata), "say [redacted]");
        assert_eq!(redacted("say ope", &metadata), "say ope");
    }
}

//! Values that must not be written: by the name of their key or by their type, also where a message
//! quotes them.

use std::{cmp::Reverse, fmt::Write, iter::successors};

use crate::{
    config::DebugLog,
    context::Context,
    escape::{self, Bounded, LONGEST_ESCAPE},
    event::{Event, REDACTED, Value},
};

/// Texts shorter than this are not searched for in messages: they would be found everywhere.
const SHORTEST_SECRET: usize = 4;

/// The event's fields as `key=value`, redacted, escaped and bounded.
pub(super) fn fields(event: &Event<'_>, secrets: &Secrets, log: &DebugLog) -> String {
    let mut text = Bounded::new(log.max_value_bytes);
    let _ = write_pairs(pairs(event), log, &mut text);
    secrets.redact(&text.finish().text)
}

/// What an event holds.
pub(super) fn pairs<'a>(event: &Event<'a>) -> impl Iterator<Item = (&'a str, Value<'a>)> {
    let measurements = event.measurements().iter();
    let measurements = measurements.map(|(key, number)| (*key, Value::Number(*number)));
    measurements.chain(event.metadata().iter().copied())
}

/// The context's fields, likewise.
pub(super) fn context(context: &Context, secrets: &Secrets, log: &DebugLog) -> String {
    let mut text = Bounded::new(log.max_value_bytes);
    let _ = write_pairs(context.fields(), log, &mut text);
    secrets.redact(&text.finish().text)
}

fn write_pairs<'a>(
    pairs: impl Iterator<Item = (&'a str, Value<'a>)>,
    log: &DebugLog,
    text: &mut Bounded,
) -> std::fmt::Result {
    let mut separator = "";
    for (key, value) in pairs {
        text.write_str(separator)?;
        if is_secret(key, value, log) {
            write!(text, "{key}={REDACTED}")?;
        } else {
            value.write_pair(key, text)?;
        }
        separator = " ";
    }
    Ok(())
}

/// What the secret fields of a skip hold, as a message or another field may quote it.
pub(super) struct Secrets(Vec<Known>);

struct Known {
    text: String,
    /// Whether it goes on, so that what follows it in a message is of it, too.
    goes_on: bool,
}

impl Secrets {
    /// Those of the values, of an event or of a call, and of the context.
    pub(super) fn of<'a>(
        values: impl IntoIterator<Item = (&'a str, Value<'a>)>,
        context: &Context,
        log: &DebugLog,
    ) -> Self {
        let mut secrets = Vec::new();
        for (key, value) in values {
            if is_secret(key, value, log) {
                keep(&mut secrets, value, false);
            }
        }
        for field in context.kept() {
            if is_secret(field.key(), field.value(), log) {
                keep(&mut secrets, field.value(), field.is_cut());
            }
        }
        secrets.retain(|secret| secret.text.len() >= SHORTEST_SECRET);
        // The longest first, for another may be a part of it.
        secrets.sort_by_key(|secret| Reverse(secret.text.len()));
        Secrets(secrets)
    }

    /// The message without them.
    pub(super) fn redact(&self, message: &str) -> String {
        let mut clean = message.to_owned();
        for secret in &self.0 {
            if secret.goes_on
                && let Some(start) = clean.find(&secret.text)
            {
                clean.truncate(start);
                clean.push_str(REDACTED);
            }
            clean = clean.replace(&secret.text, REDACTED);
        }
        let cut = self.0.iter();
        let cut = cut.filter_map(|secret| begun(&clean, &secret.text));
        if let Some(start) = cut.min() {
            clean.truncate(start);
            clean.push_str(REDACTED);
        }
        clean
    }
}

/// How often a text may have been shown by `Debug`: as a part of a value, and that as a field's text.
const QUOTED: usize = 2;

/// Keeps a value as it is, as `Debug` writes it, and as either is where the message was escaped.
fn keep(secrets: &mut Vec<Known>, value: Value<'_>, goes_on: bool) {
    let mut known = |text| secrets.push(Known { text, goes_on });
    match value {
        Value::Text(text) => {
            let forms = successors(Some(text.to_owned()), quoted_once_more);
            for form in forms.take(1 + QUOTED) {
                let escaped = escaped(&form);
                if escaped != form {
                    known(escaped);
                }
                known(form);
            }
        }
        Value::Secret(secret) => keep(secrets, secret.expose(), goes_on),
        value => known(value.to_string()),
    }
}

/// The text as a part of what `Debug` writes of it; `None` if that is the same.
fn quoted_once_more(text: &String) -> Option<String> {
    let quoted = format!("{text:?}");
    let quoted = &quoted[1..quoted.len() - 1];
    (quoted != text).then(|| quoted.to_owned())
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

fn is_secret(key: &str, value: Value<'_>, log: &DebugLog) -> bool {
    matches!(value, Value::Secret(_)) || log.redact.iter().any(|pattern| pattern.matches(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::KeyPattern,
        event::{Number, Secret, ToValue},
    };

    fn redacted(text: &str, metadata: &[(&str, Value<'_>)]) -> String {
        let log = DebugLog {
            redact: vec![KeyPattern::parse("*.pin").expect("a pattern")],
            ..DebugLog::default()
        };
        let measurements = [("old.pin", Number::Unsigned(13_579))];
        let event = Event::new("a.b", &measurements, metadata);
        Secrets::of(pairs(&event), &Context::current(), &log).redact(text)
    }

    #[test]
    fn a_secret_with_quotes_and_backslashes_is_found_as_debug_writes_it() {
        let secret = r#"se"cr\et"#;
        let text = format!("no {secret:?}, no {secret}");
        let clean = redacted(&text, &[("new.pin", Value::Text(secret))]);
        assert_eq!(clean, r#"no "[redacted]", no [redacted]"#);
        let part = format!("shown={:?}", format!("{:?}", Some(secret)));
        let clean = redacted(&part, &[("new.pin", Value::Text(secret))]);
        assert_eq!(clean, r#"shown="Some(\"[redacted]\")""#);
    }

    #[test]
    fn secrets_by_type_need_no_key() {
        let (pin, card) = (Secret::new(13_u64.pow(5)), Secret::new("4111-1111"));
        let metadata = [("a", pin.to_value()), ("b", card.to_value())];
        let clean = redacted("371293 and 4111-1111 and 4111", &metadata);
        assert_eq!(clean, "[redacted] and [redacted] and [redacted]");
        crate::context::scope([("card", &card)], || {
            assert_eq!(redacted("no 4111-1111", &[]), "no [redacted]");
        });
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

    #[test]
    fn secrets_of_the_context_are_found_too() {
        crate::context::scope([("new.pin", "open sesame")], || {
            assert_eq!(redacted("say open sesame", &[]), "say [redacted]");
        });
    }

    /// Only the beginning of it is known.
    #[test]
    fn what_follows_a_long_secret_of_the_context_is_redacted() {
        let long = "x".repeat(2_000);
        let message = format!("got {long} from Ada");
        crate::context::scope([("new.pin", &long)], || {
            assert_eq!(redacted(&message, &[]), "got [redacted]");
        });
        let whole = &long[..1024];
        crate::context::scope([("new.pin", whole)], || {
            let message = format!("got {whole} from Ada");
            assert_eq!(redacted(&message, &[]), "got [redacted] from Ada");
        });
    }
}

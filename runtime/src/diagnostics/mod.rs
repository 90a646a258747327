//! What is told of skips: bounded, escaped, redacted, and only where config or a bug asks for it.

pub(crate) mod notice;
pub(crate) mod record;
mod redact;
mod site;
pub(crate) mod values;

use std::{cell::Cell, io::Write as _};

use self::redact::Secrets;
use crate::{
    config::DebugLog, contain, context::Context, event::Value, instance::scope, limiter::Fate,
    running::Inside,
};

thread_local! {
    static WRITING: Cell<bool> = const { Cell::new(false) };
}

/// What the subscriber of this thread did with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Taken,
    /// It does not want it, or there is none.
    Unwanted,
    /// It panicked.
    Failed,
    /// It was not asked.
    Refused,
}

/// Writes under guard, and never from inside itself: a subscriber may emit events of its own. In a
/// panic hook there is no guard, and so nothing is written.
fn write(record: impl FnOnce() -> bool) -> Written {
    if contain::in_panic_hook() || WRITING.replace(true) {
        return Written::Refused;
    }
    let _inside = Inside::enter();
    let taken = contain::attempt(record);
    WRITING.set(false);
    match taken {
        Some(true) => Written::Taken,
        Some(false) => Written::Unwanted,
        None => Written::Failed,
    }
}

impl Written {
    /// What became of a record that only the subscriber may take.
    fn fate(self) -> Fate {
        self.or_else(|| false)
    }

    /// What became of a record for which there is another taker.
    fn or_else(self, take: impl FnOnce() -> bool) -> Fate {
        match self {
            Written::Taken => Fate::Told,
            Written::Failed => Fate::Failed { is_told: take() },
            Written::Unwanted | Written::Refused => {
                if take() {
                    Fate::Told
                } else {
                    Fate::Dropped
                }
            }
        }
    }
}

/// Writes one line to stderr, at once and whole; whether somebody took it. That it is closed or
/// full is no reason to fail. In a panic hook nothing is written: there is no guard.
fn write_line(line: &str) -> bool {
    if contain::in_panic_hook() {
        return false;
    }
    let line = format!("gambeson: {line}\n");
    let written = contain::attempt(|| std::io::stderr().write_all(line.as_bytes()));
    written.is_some_and(|written| written.is_ok())
}

/// What is told of a call with these values, without the secrets among them, and without those of the
/// context.
pub(crate) fn without_secrets(text: String, values: &[(&str, Value<'_>)]) -> String {
    let context = Context::current();
    if context.is_empty() && values.is_empty() {
        return text;
    }
    let redacted =
        |log: &DebugLog| Secrets::of(values.iter().copied(), &context, log).redact(&text);
    scope::with_current(|core| redacted(&core.conduct.config.debug_log))
        .unwrap_or_else(|| redacted(&DebugLog::default()))
}

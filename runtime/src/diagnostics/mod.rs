//! What is told of skips: bounded, escaped, redacted, and only where config or a bug asks for it.

pub(crate) mod notice;
pub(crate) mod record;
mod redact;
mod site;
pub(crate) mod values;

use std::cell::Cell;

use self::redact::Secrets;
use crate::{config::DebugLog, contain, context::Context, instance::scope, running::Inside};

thread_local! {
    static WRITING: Cell<bool> = const { Cell::new(false) };
}

/// Writes under guard, and never from inside itself: a subscriber may emit events of its own. In a
/// panic hook there is no guard, and so nothing is written.
fn write(record: impl FnOnce()) {
    if contain::in_panic_hook() || WRITING.replace(true) {
        return;
    }
    let _inside = Inside::enter();
    contain::attempt(record);
    WRITING.set(false);
}

/// What a failure says, which has been escaped, without the secrets of the context that it is in.
pub(crate) fn without_secrets(message: String) -> String {
    let context = Context::current();
    if context.is_empty() {
        return message;
    }
    let redacted = |log: &DebugLog| Secrets::of(None, &context, log).redact(&message);
    scope::with_current(|core| redacted(&core.conduct.config.debug_log))
        .unwrap_or_else(|| redacted(&DebugLog::default()))
}

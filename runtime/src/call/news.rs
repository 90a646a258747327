//! What handlers are told of handlers: of skips, and of quarantines in the order in which they came.
//!
//! The rooms above tell them. What comes of an event that tells of handlers is told to people alone,
//! so that a handler of such events that fails does not hear of itself for ever.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use crate::{
    conduct::Conduct,
    contain,
    diagnostics::notice,
    event::Event,
    handler::{Change, Entry, Hearing},
    reason::SkipReason,
};

/// What the names of events begin with that tell of handlers.
const OF_HANDLERS: &str = "gambeson.handler.";

/// What handlers are told of a handler.
#[derive(Debug)]
pub(crate) enum News<'a> {
    Skipped {
        handler: &'a str,
        reason: SkipReason,
        event: Option<&'a str>,
    },
    Changed {
        handler: &'a str,
        change: Change,
    },
}

static TELLER: OnceLock<fn(&News<'_>)> = OnceLock::new();

/// Whether a handler of skips is attached anywhere: for those who skip, and have no time to ask.
static SKIPS_ARE_HEARD: AtomicBool = AtomicBool::new(false);

/// Sets who tells handlers.
pub(crate) fn told_by(teller: fn(&News<'_>)) {
    let _ = TELLER.set(teller);
}

/// Says whether anybody wants to hear of skips.
pub(crate) fn hear_skips(are_heard: bool) {
    SKIPS_ARE_HEARD.store(are_heard, Ordering::Relaxed);
}

#[inline]
pub(super) fn skips_are_heard() -> bool {
    SKIPS_ARE_HEARD.load(Ordering::Relaxed)
}

/// Who is told of what comes of an event.
pub(super) fn hearing(event: Option<&Event<'_>>) -> Hearing {
    match event {
        Some(event) if event.name().starts_with(OF_HANDLERS) => Hearing::People,
        _ => Hearing::Everybody,
    }
}

/// Tells handlers of a skip.
#[cold]
pub(super) fn tell_skip(handler: &str, reason: SkipReason, event: Option<&Event<'_>>) {
    if hearing(event) == Hearing::Everybody {
        let event = event.map(Event::name);
        tell(&News::Skipped {
            handler,
            reason,
            event,
        });
    }
}

/// Tells what has become of a handler's quarantine, unless another thread does so.
#[cold]
pub(crate) fn tell_changes(conduct: &Conduct, entry: &Entry) {
    entry.breaker.tell_changes(|change, hearing| {
        write(conduct, entry, change);
        if hearing == Hearing::Everybody {
            let handler = &*entry.id;
            tell(&News::Changed { handler, change });
        }
    });
}

fn write(conduct: &Conduct, entry: &Entry, change: Change) {
    if change == Change::HalfOpen {
        return;
    }
    let Some(ticket) = entry.limiters.transition(conduct.rate()) else {
        return;
    };
    let fate = match change {
        Change::Quarantined {
            cooldown,
            is_by_hand,
        } => notice::quarantined(&entry.id, cooldown, cause(is_by_hand), ticket),
        Change::Readmitted | Change::HalfOpen => notice::readmitted(&entry.id, ticket),
    };
    entry.limiters.settle(ticket, fate);
}

/// Why a handler is quarantined.
pub(crate) fn cause(is_by_hand: bool) -> &'static str {
    if is_by_hand { "hand" } else { "failures" }
}

/// A panic there, as of a handler in strict mode, is told by whoever called it and stops nothing
/// here.
fn tell(news: &News<'_>) {
    if contain::in_panic_hook() {
        return;
    }
    if let Some(teller) = TELLER.get() {
        contain::attempt(|| teller(news));
    }
}

//! The values of instrumented calls.

use std::time::Duration;

use tracing::field::debug;

use super::{
    redact::{self, Secrets},
    site::tell,
    write,
};
use crate::{
    config::DebugLog,
    context::Context,
    event::Event,
    limiter::{Fate, Ticket},
};

/// The start or the end of a call of an instrumented function, with what is told of it as the fields
/// of an event.
pub(crate) struct CallRecord<'a> {
    pub(crate) function: &'a str,
    pub(crate) event: &'a Event<'a>,
    /// How long it took, once it has ended.
    pub(crate) took: Option<Duration>,
    pub(crate) ticket: Ticket,
}

/// Tells the values of a call.
pub(crate) fn call(call: &CallRecord<'_>, log: &DebugLog) -> Fate {
    let secrets = Secrets::of(redact::pairs(call.event), &Context::current(), log);
    let fields = redact::fields(call.event, &secrets, log);
    let text = if call.took.is_some() {
        "call ended"
    } else {
        "call started"
    };
    write(|| {
        tell!(DEBUG, text, {
            function = call.function,
            event = call.event.name(),
            fields = fields,
            took = call.took.map(debug),
            suppressed = call.ticket.suppressed(),
        })
    })
    .fate()
}

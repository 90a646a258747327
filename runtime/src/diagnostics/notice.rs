//! What is told besides skips: of slow calls, of quarantine, of resources, of the telemetry.

use std::time::Duration;

use tracing::field::debug;

use super::{site::tell, write};
use crate::{limiter::Ticket, reason::SkipReason, resource::Down};

/// Tells a call that took longer than its budget.
pub(crate) fn slow(handler: &str, took: Duration, budget: Duration, ticket: Ticket) {
    write(|| {
        tell!(WARN, "handler took longer than its budget", {
            handler = handler,
            took = debug(took),
            budget = debug(budget),
            suppressed = ticket.suppressed(),
        });
    });
}

/// Tells that a handler was quarantined, which needs no open gate.
pub(crate) fn quarantined(handler: &str, cooldown: Duration) {
    write(|| {
        tell!(WARN, "handler quarantined", { handler = handler, cooldown = debug(cooldown) });
    });
}

/// Tells that a handler works again.
pub(crate) fn readmitted(handler: &str) {
    write(|| tell!(INFO, "handler readmitted", { handler = handler }));
}

/// Tells what the rate limit held back and no later record has told.
pub(crate) fn summary(handler: &str, reason: SkipReason, suppressed: u64) {
    write(|| {
        tell!(INFO, "skips that were not told", {
            handler = handler,
            reason = reason.code(),
            suppressed = suppressed,
        });
    });
}

/// Tells that a resource went down by a failure.
pub(crate) fn resource_down(down: &Down, ticket: Ticket) {
    write(|| {
        tell!(WARN, "resource went down", {
            resource = down.resource,
            reason = down.reason.code(),
            error = down.cause,
            suppressed = ticket.suppressed(),
        });
    });
}

/// Tells that a resource is there again.
pub(crate) fn resource_up(resource: &str) {
    write(|| tell!(INFO, "resource is back", { resource = resource }));
}

/// Tells something of the telemetry itself.
pub(crate) fn warning(text: &str) {
    write(|| tell!(WARN, text, {}));
}

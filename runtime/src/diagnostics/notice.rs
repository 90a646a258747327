//! What is told besides skips: of slow calls, of quarantine, of resources, of the telemetry.

use std::{io::Write as _, time::Duration};

use tracing::field::debug;

use super::{site::tell, write};
use crate::{escape, limiter::Ticket, reason::SkipReason, resource::Down};

/// How much is told of what a shutdown left behind, in bytes.
const LEFT_CAP: usize = 1024;

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

/// Tells that events of a handler are lost since its queue has nobody to serve it.
pub(crate) fn unserved(handler: &str) {
    write(|| {
        tell!(WARN, "handler is not served", {
            handler = handler,
            cause = "the async runtime of its queue is gone, and events come from inside no other",
        });
    });
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

/// Tells what a shutdown has left behind. Whoever ends a process may never see the report, and a
/// process without a subscriber is not silent about it either.
pub(crate) fn incomplete(left: &str) {
    let left = escape::bounded(left, LEFT_CAP).text;
    write(|| {
        if tracing::dispatcher::has_been_set() {
            tell!(WARN, "shutdown is not complete", { left = left.as_str() });
        } else {
            let _ = writeln!(
                std::io::stderr(),
                "gambeson: shutdown is not complete: {left}"
            );
        }
    });
}

/// Tells something of the telemetry itself.
pub(crate) fn warning(text: &str) {
    write(|| tell!(WARN, text, {}));
}

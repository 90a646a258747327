//! What is told besides skips: of slow calls, of quarantine, of resources, of the telemetry.

use std::time::Duration;

use tracing::field::debug;

use super::{site::tell, write, write_line};
use crate::{
    escape,
    limiter::{Fate, Ticket, Topic},
    reason::SkipReason,
    resource::Down,
};

/// How much is told of what a shutdown left behind, in bytes.
const LEFT_CAP: usize = 1024;

/// Tells a call that took longer than its budget.
pub(crate) fn slow(handler: &str, took: Duration, budget: Duration, ticket: Ticket) -> Fate {
    write(|| {
        tell!(WARN, "handler took longer than its budget", {
            handler = handler,
            took = debug(took),
            budget = debug(budget),
            suppressed = ticket.suppressed(),
        })
    })
    .fate()
}

/// Tells that a handler was quarantined, which needs no open gate.
pub(crate) fn quarantined(handler: &str, cooldown: Duration, by: &str, ticket: Ticket) -> Fate {
    write(|| {
        tell!(WARN, "handler quarantined", {
            handler = handler,
            cooldown = debug(cooldown),
            by = by,
            suppressed = ticket.suppressed(),
        })
    })
    .fate()
}

/// Tells that a handler works again.
pub(crate) fn readmitted(handler: &str, ticket: Ticket) -> Fate {
    write(|| {
        tell!(INFO, "handler readmitted", {
            handler = handler,
            suppressed = ticket.suppressed(),
        })
    })
    .fate()
}

/// Tells that events of a handler are lost since its queue has nobody to serve it.
pub(crate) fn unserved(handler: &str) {
    write(|| {
        tell!(WARN, "handler is not served", {
            handler = handler,
            cause = "the async runtime of its queue is gone, and events come from inside no other",
        })
    });
}

/// Tells what the rate limit held back, or nobody took, and no later record has told.
pub(crate) fn summary(subject: &str, topic: Topic, suppressed: u64) -> Fate {
    write(|| {
        if let Topic::Skip(reason) = topic {
            return skips(subject, reason, suppressed);
        }
        tell!(INFO, "records that were not told", {
            subject = subject,
            about = topic.name(),
            suppressed = suppressed,
        })
    })
    .fate()
}

fn skips(handler: &str, reason: SkipReason, suppressed: u64) -> bool {
    tell!(INFO, "skips that were not told", {
        handler = handler,
        reason = reason.code(),
        suppressed = suppressed,
    })
}

/// Tells that a resource went down by a failure.
pub(crate) fn resource_down(down: &Down, ticket: Ticket) -> Fate {
    write(|| {
        tell!(WARN, "resource went down", {
            resource = down.resource,
            reason = down.reason.code(),
            error = down.cause,
            suppressed = ticket.suppressed(),
        })
    })
    .fate()
}

/// Tells that a resource is there again.
pub(crate) fn resource_up(resource: &str, ticket: Ticket) -> Fate {
    write(|| {
        tell!(INFO, "resource is back", {
            resource = resource,
            suppressed = ticket.suppressed(),
        })
    })
    .fate()
}

/// Tells what a shutdown has left behind. Whoever ends a process may never see the report, and where
/// no subscriber takes it it is not silent about it either.
pub(crate) fn incomplete(left: &str) {
    let left = escape::bounded(left, LEFT_CAP).text;
    let tell = || tell!(WARN, "shutdown is not complete", { left = left.as_str() });
    write(tell).or_else(|| write_line(&format!("shutdown is not complete: {left}")));
}

/// Tells something of the telemetry itself.
pub(crate) fn warning(text: &str) {
    write(|| tell!(WARN, text, {}));
}

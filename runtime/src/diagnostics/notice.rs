//! What is told besides skips: of slow calls, of quarantine, of resources, of the telemetry.

use std::time::Duration;

use super::write;
use crate::{limiter::Ticket, reason::SkipReason, resource::Down};

/// Tells a call that took longer than its budget.
pub(crate) fn slow(handler: &str, took: Duration, budget: Duration, ticket: Ticket) {
    write(|| {
        tracing::warn!(
            target: "gambeson",
            handler,
            took = ?took,
            budget = ?budget,
            suppressed = (ticket.suppressed > 0).then_some(ticket.suppressed),
            "handler took longer than its budget"
        );
    });
}

/// Tells that a handler was quarantined, which needs no open gate.
pub(crate) fn quarantined(handler: &str, cooldown: Duration) {
    write(|| {
        tracing::warn!(target: "gambeson", handler, cooldown = ?cooldown, "handler quarantined");
    });
}

/// Tells that a handler works again.
pub(crate) fn readmitted(handler: &str) {
    write(|| tracing::info!(target: "gambeson", handler, "handler readmitted"));
}

/// Tells what the rate limit held back and no later record has told.
pub(crate) fn summary(handler: &str, reason: SkipReason, suppressed: u64) {
    write(|| {
        tracing::info!(
            target: "gambeson",
            handler,
            reason = reason.code(),
            suppressed,
            "skips that were not told"
        );
    });
}

/// Tells that a resource went down by a failure.
pub(crate) fn resource_down(down: &Down, ticket: Ticket) {
    write(|| {
        tracing::warn!(
            target: "gambeson",
            resource = down.resource,
            reason = down.reason.code(),
            error = down.cause,
            suppressed = (ticket.suppressed > 0).then_some(ticket.suppressed),
            "resource went down"
        );
    });
}

/// Tells that a resource is there again.
pub(crate) fn resource_up(resource: &str) {
    write(|| tracing::info!(target: "gambeson", resource, "resource is back"));
}

/// Tells something of the telemetry itself.
pub(crate) fn warning(text: &str) {
    write(|| tracing::warn!(target: "gambeson", "{text}"));
}

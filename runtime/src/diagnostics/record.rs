//! The structured records, as tracing events of the target `gambeson`.
//!
//! A record is rendered first, under guard, into owned and bounded text, and written then, under
//! guard again: neither a `Debug` nor a subscriber that panics gets any further.

use std::{cell::Cell, io::Write as _, time::Duration};

use super::redact::{self, Secrets};
use crate::{
    config::DebugLog,
    contain::{self, PanicDetail, PayloadKind},
    context::Context,
    event::Event,
    limiter::Ticket,
    phase::PhaseCell,
    reason::{SkipClass, SkipReason},
    resource::Down,
    running::Inside,
    verdict::{Call, Cause, Failure},
};

thread_local! {
    static WRITING: Cell<bool> = const { Cell::new(false) };
}

const ENVIRONMENT_HINT: &str = "expected while something starts, restarts or shuts down; silence it with `debug = false` in [telemetry] or in a rule";

/// What stands between two breadcrumbs.
const CRUMB_SEPARATOR: &str = " > ";

/// Of whom a record speaks, and when.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) handler: &'a str,
    /// Asked only for a record that is written.
    pub(crate) phase: &'a PhaseCell,
    pub(crate) event: Option<&'a Event<'a>>,
}

/// A record, rendered.
struct Record<'a> {
    reason: SkipReason,
    handler: &'a str,
    event: Option<&'a str>,
    fields: Option<String>,
    context: Option<String>,
    breadcrumbs: Option<String>,
    resource: Option<&'static str>,
    error: Option<String>,
    location: Option<String>,
    phase: &'static str,
    thread: String,
    task: Option<String>,
    suppressed: u64,
    hint: Option<&'static str>,
    /// Whether the caller of a defended function has the error in hand.
    is_returned: bool,
}

/// Tells a skip, if the gate is open for it.
pub(crate) fn tell(subject: Subject<'_>, call: &Call<'_>, failure: &mut Failure) {
    let (ticket, error) = match &mut failure.cause {
        Cause::Error(record) => match record.take() {
            Some((ticket, text)) => (Some(ticket), Some(text)),
            None => return,
        },
        Cause::Panic(ticket, detail) => (ticket.take(), detail.as_deref().map(text_of)),
        Cause::Probe(ticket) => (
            ticket.take(),
            Some("the availability probe panicked".to_owned()),
        ),
        Cause::Refused | Cause::Resource(_) => (call.ticket(failure.reason), None),
    };
    let Some(ticket) = ticket else { return };
    let record = render(subject, call.log(), failure, ticket, error);
    write(|| record.write());
}

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

/// A call of an instrumented function, with its values as the fields of an event.
pub(crate) struct CallRecord<'a> {
    pub(crate) function: &'a str,
    pub(crate) event: &'a Event<'a>,
    /// How long it took, once it has ended.
    pub(crate) took: Option<Duration>,
    pub(crate) ticket: Ticket,
}

/// Tells the values of a call.
pub(crate) fn call(call: &CallRecord<'_>, log: &DebugLog) {
    let fields = redact::fields(call.event, log);
    let text = if call.took.is_some() {
        "call ended"
    } else {
        "call started"
    };
    let suppressed = call.ticket.suppressed;
    write(|| {
        tracing::debug!(
            target: "gambeson",
            function = call.function,
            event = call.event.name(),
            fields,
            took = call.took.map(tracing::field::debug),
            suppressed = (suppressed > 0).then_some(suppressed),
            "{text}"
        );
    });
}

/// Tells something of the telemetry itself.
pub(crate) fn notice(text: &str) {
    write(|| tracing::warn!(target: "gambeson", "{text}"));
}

fn render<'a>(
    subject: Subject<'a>,
    log: &DebugLog,
    failure: &Failure,
    ticket: Ticket,
    error: Option<String>,
) -> Record<'a> {
    let Subject {
        handler,
        phase,
        event,
    } = subject;
    let location = match &failure.cause {
        Cause::Panic(_, Some(detail)) => detail.location.as_ref().map(ToString::to_string),
        _ => None,
    };
    let context = Context::current();
    let secrets = Secrets::of(event, &context, log);
    Record {
        reason: failure.reason,
        handler,
        event: event.map(Event::name),
        fields: event.map(|event| redact::fields(event, log)),
        context: (!context.is_empty()).then(|| redact::context(&context, log)),
        breadcrumbs: breadcrumbs(&context, &secrets, log),
        resource: match failure.cause {
            Cause::Resource(resource) => Some(resource),
            _ => None,
        },
        error: error.map(|text| secrets.redact(&text)),
        location,
        phase: phase.get().name(),
        thread: std::thread::current()
            .name()
            .unwrap_or("<unnamed>")
            .to_owned(),
        task: task(),
        suppressed: ticket.suppressed,
        is_returned: event.is_none() && matches!(failure.cause, Cause::Error(_)),
        hint: (failure.reason.class() == SkipClass::Environment).then_some(ENVIRONMENT_HINT),
    }
}

impl Record<'_> {
    fn write(&self) {
        if !tracing::dispatcher::has_been_set() {
            return self.write_to_nobody();
        }
        macro_rules! record {
            ($level:ident) => {
                tracing::event!(
                    target: "gambeson",
                    tracing::Level::$level,
                    reason = self.reason.code(),
                    class = %self.reason.class(),
                    handler = self.handler,
                    event = self.event,
                    fields = self.fields,
                    context = self.context,
                    breadcrumbs = self.breadcrumbs,
                    resource = self.resource,
                    error = self.error,
                    location = self.location,
                    phase = self.phase,
                    thread = self.thread,
                    task = self.task,
                    suppressed = (self.suppressed > 0).then_some(self.suppressed),
                    hint = self.hint,
                    "handler skipped"
                )
            };
        }
        match self.reason.class() {
            SkipClass::Bug => record!(ERROR),
            SkipClass::Environment | SkipClass::Overload => record!(WARN),
            SkipClass::Policy => record!(DEBUG),
        }
    }

    /// Nobody takes what tracing is told. A bug is not silent all the same: it is one line, for
    /// which a closed stderr is no reason to fail.
    fn write_to_nobody(&self) {
        if self.reason.class() != SkipClass::Bug || self.is_returned {
            return;
        }
        let error = self.error.as_deref().unwrap_or("no text");
        let location = self.location.iter().map(|place| format!(" at {place}"));
        let context = self.context.iter().map(|fields| format!(", for {fields}"));
        let _ = writeln!(
            std::io::stderr(),
            "gambeson: handler `{}` skipped as {}: {error}{}{}",
            self.handler,
            self.reason,
            location.collect::<String>(),
            context.collect::<String>(),
        );
    }
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

fn text_of(panic: &PanicDetail) -> String {
    match panic.kind {
        PayloadKind::Opaque => "a payload that is no text".to_owned(),
        _ => panic.message.clone(),
    }
}

/// The last breadcrumbs that there is room for, the oldest first.
fn breadcrumbs(context: &Context, secrets: &Secrets, log: &DebugLog) -> Option<String> {
    let crumbs = context.breadcrumbs();
    let mut crumbs = crumbs.iter().rev().map(|crumb| secrets.redact(crumb));
    let mut shown = crumbs.next()?;
    shown.truncate(shown.floor_char_boundary(log.max_value_bytes));
    for crumb in crumbs {
        if crumb.len() + CRUMB_SEPARATOR.len() + shown.len() > log.max_value_bytes {
            break;
        }
        shown = crumb + CRUMB_SEPARATOR + &shown;
    }
    Some(shown)
}

#[cfg(feature = "tokio")]
fn task() -> Option<String> {
    tokio::task::try_id().map(|id| id.to_string())
}

#[cfg(not(feature = "tokio"))]
fn task() -> Option<String> {
    None
}

//! The structured records of skips, as tracing events of the target `gambeson`.
//!
//! A record is rendered first, under guard, into owned and bounded text, and written then, under
//! guard again: neither a `Debug` nor a subscriber that panics gets any further.

use std::thread::Thread;

use tracing::field::display;

use super::{
    redact::{self, Secrets},
    site::tell,
    write, write_line,
};
use crate::{
    config::DebugLog,
    contain::{PanicDetail, PayloadKind},
    context::Context,
    event::Event,
    hazard,
    limiter::{Fate, Ticket},
    phase::PhaseCell,
    reason::{SkipClass, SkipReason},
    verdict::{Call, Cause, Failure},
};

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
    suppressed: Option<u64>,
    hint: Option<&'static str>,
    /// Whether it is of a bug, which is never silent.
    is_bug: bool,
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
        Cause::Resource(Some((ticket, unavailable))) => {
            let cause = unavailable.cause().map(ToString::to_string);
            (Some(*ticket), cause)
        }
        Cause::Resource(None) => return,
        Cause::Refused => (call.ticket(failure.reason), None),
    };
    let Some(ticket) = ticket else { return };
    let fate = render(subject, call.log(), failure, ticket, error).tell();
    call.settle(ticket, fate);
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
    let secrets = Secrets::of(event.into_iter().flat_map(redact::pairs), &context, log);
    Record {
        reason: failure.reason,
        handler,
        event: event.map(Event::name),
        fields: event.map(|event| redact::fields(event, &secrets, log)),
        context: (!context.is_empty()).then(|| redact::context(&context, &secrets, log)),
        breadcrumbs: breadcrumbs(&context, &secrets, log),
        resource: match &failure.cause {
            Cause::Resource(Some((_, unavailable))) => Some(unavailable.resource()),
            _ => None,
        },
        error: error.map(|text| secrets.redact(&text)),
        location,
        phase: phase.get().name(),
        thread: hazard::current_thread()
            .as_ref()
            .and_then(Thread::name)
            .unwrap_or("<unnamed>")
            .to_owned(),
        task: task(),
        suppressed: ticket.suppressed(),
        is_bug: failure.is_bug(),
        is_returned: event.is_none() && matches!(failure.cause, Cause::Error(_)),
        hint: (failure.reason.class() == SkipClass::Environment).then_some(ENVIRONMENT_HINT),
    }
}

impl Record<'_> {
    /// Tells it to whoever takes it.
    fn tell(&self) -> Fate {
        let written = write(|| self.write());
        match written.or_else(|| self.is_bug && !self.is_returned && self.write_to_stderr()) {
            Fate::Dropped if self.is_returned => Fate::Returned,
            fate => fate,
        }
    }

    fn write(&self) -> bool {
        macro_rules! record {
            ($level:ident) => {
                tell!($level, "handler skipped", {
                    reason = self.reason.code(),
                    class = display(self.reason.class()),
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
                    suppressed = self.suppressed,
                    hint = self.hint,
                })
            };
        }
        match self.reason.class() {
            SkipClass::Bug => record!(ERROR),
            SkipClass::Environment | SkipClass::Overload => record!(WARN),
            SkipClass::Policy => record!(DEBUG),
        }
    }

    /// Nobody takes what tracing is told here, or who does fails. A bug is not silent all the same.
    fn write_to_stderr(&self) -> bool {
        let error = self.error.as_deref().unwrap_or("no text");
        let location = self.location.iter().map(|place| format!(" at {place}"));
        let context = self.context.iter().map(|fields| format!(", for {fields}"));
        write_line(&format!(
            "handler `{}` skipped as {}: {error}{}{}",
            self.handler,
            self.reason,
            location.collect::<String>(),
            context.collect::<String>(),
        ))
    }
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

//! What becomes of resources, handlers and the telemetry, told to people and to handlers.

use std::sync::Arc;

use tracing::dispatcher;

use crate::{
    call::{self, News as OfHandler},
    config::DebugLog,
    contain,
    context::Context,
    diagnostics::notice,
    dispatch, emit,
    emit::{EmitSite, Watch},
    event::{Event, Value},
    handler::Change,
    hazard::current_thread_id,
    instance::{Core, alive, scope},
    limiter::Rate,
    phase::Phase,
    reason::SkipReason,
    resource::{News, Tell, What, told_by},
};

static SKIPPED: EmitSite = EmitSite::new("gambeson.handler.skipped");

/// Tells those who skip whether anybody hears of it.
struct Skips;

impl Watch for Skips {
    fn observed(&self, _: &'static EmitSite, is_observed: bool, _: &[Arc<Core>]) {
        call::hear_skips(is_observed);
    }
}

/// Has everything told that is told from here.
pub(super) fn prepare() {
    told_by(teller);
    call::told_by(of_handler);
    let (_, has_joined) = SKIPPED.is_observed_by(&Skips);
    if !has_joined {
        call::hear_skips(true);
    }
}

fn of_handler(news: &OfHandler<'_>) {
    match *news {
        OfHandler::Skipped {
            handler,
            reason,
            event,
        } => skipped(handler, reason, event),
        OfHandler::Changed { handler, change } => changed(handler, change),
    }
}

fn skipped(handler: &str, reason: SkipReason, event: Option<&str>) {
    let (is_observed, _) = SKIPPED.is_observed_by(&Skips);
    if !is_observed {
        return;
    }
    let class = reason.class().to_string();
    let metadata = [
        ("handler", Value::Text(handler)),
        ("reason", Value::Text(reason.code())),
        ("class", Value::Text(&class)),
        ("event", event.map_or(Value::Absent, Value::Text)),
    ];
    dispatch::emit(&SKIPPED, &Event::new(SKIPPED.name(), &[], &metadata));
}

fn changed(handler: &str, change: Change) {
    match change {
        Change::Quarantined {
            cooldown,
            is_by_hand,
        } => {
            let by = call::cause(is_by_hand);
            emit!("gambeson.handler.quarantined", { cooldown }, { handler, by });
        }
        Change::HalfOpen => emit!("gambeson.handler.half_open", {}, { handler }),
        Change::Readmitted => emit!("gambeson.handler.readmitted", {}, { handler }),
    }
}

/// Tells a telemetry's own handlers which phase it has come to.
pub(super) fn tell_phase(core: &Arc<Core>, previous: Phase) {
    let (phase, previous) = (core.phase().name(), previous.name());
    let _entered = scope::Entered::new(core);
    contain::attempt(|| emit!("gambeson.phase", {}, { phase, previous }));
}

/// Tells as if it were here and now, whatever thread does so in the end.
fn teller() -> Tell {
    let here = current_thread_id();
    let subscriber = dispatcher::get_default(Clone::clone);
    let context = Context::current();
    let entered = scope::entered();
    Box::new(move |news| {
        if here.is_some() && here == current_thread_id() {
            return tell(news);
        }
        dispatcher::with_default(&subscriber, || {
            context.scope(|| {
                let _entered = entered.as_ref().map(scope::Entered::new);
                tell(news);
            });
        });
    })
}

/// Writes a record of what went wrong, and emits `gambeson.resource.down` or `.up` to the
/// telemetry that this thread is in, and to all others that use the resource.
fn tell(news: &News<'_>) {
    write(news);
    emit(news);
    let current = scope::with_current(Arc::clone);
    for user in alive::users(news.resource) {
        if !current
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, &user))
        {
            let _entered = scope::Entered::new(&user);
            emit(news);
        }
    }
}

fn write(news: &News<'_>) {
    let log = DebugLog::default();
    let rate = Rate {
        log: &log,
        clock: None,
    };
    let is_told = match news.what {
        // A revocation is nobody's failure.
        What::Down(down) => down.reason != SkipReason::ShuttingDown,
        What::Up { recovered } => *recovered,
    };
    let Some(ticket) = is_told.then(|| news.limiters.transition(rate)).flatten() else {
        return;
    };
    let fate = match news.what {
        What::Down(down) => notice::resource_down(down, ticket),
        What::Up { .. } => notice::resource_up(news.resource.name, ticket),
    };
    news.limiters.settle(ticket, fate);
}

fn emit(news: &News<'_>) {
    let resource = news.resource.name;
    match news.what {
        What::Down(down) => {
            let (reason, cause) = (down.reason.code(), down.cause.as_str());
            emit!("gambeson.resource.down", {}, { resource, reason, cause });
        }
        What::Up { recovered } => {
            emit!("gambeson.resource.up", {}, { resource, recovered = *recovered });
        }
    }
}

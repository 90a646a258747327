//! How an event gets to its handlers.

mod queued;

use std::sync::Arc;

use crate::{
    call::{Attempt, Ended, Target},
    config::Settings,
    contain::{self, Caught},
    emit::EmitSite,
    event::{Event, Number, Value},
    handler::{Entry, Runner},
    instance::{Core, scope},
    outcome::{Outcome, Skip},
    reason::SkipReason,
    registry::Match,
    resource::Hold,
    verdict::{Completion, Failure, Verdict},
};

/// Emits from a site that somebody observes.
pub fn emit(site: &EmitSite, measurements: &[(&str, Number)], metadata: &[(&str, Value<'_>)]) {
    scope::with_current(|core| {
        let event = Event::new(site.name(), measurements, metadata);
        match site.matches(core.id()).as_deref() {
            Some(Some(matches)) => deliver_all(core, &matches.list, &event),
            _ => deliver_all(core, &core.matching(site.name()), &event),
        }
    });
}

/// Delivers an event to each of its handlers, in order.
pub(crate) fn deliver_all(core: &Arc<Core>, matches: &[Match], event: &Event<'_>) {
    for Match { entry, settings } in matches {
        if let Some(queue) = entry.queue.get() {
            queued::push(queue, core, entry, event, *settings);
            continue;
        }
        if let Some(payload) = deliver(core, entry, event, *settings).raise {
            contain::raise(payload);
        }
    }
}

/// Delivers an event to one handler on this thread, for a caller who wants the outcome.
pub(crate) fn call(core: &Arc<Core>, entry: &Arc<Entry>, event: &Event<'_>) -> Outcome<()> {
    if matches!(&entry.runner, Runner::Annotated(run) if !run.is_sync()) {
        let skip = Skip::of(SkipReason::NotImplemented, entry.id.clone(), None);
        return Outcome::Skipped(skip);
    }
    let settings = core.config.settings(&entry.id, event.name());
    let ended = deliver(core, entry, event, settings);
    if let Some(payload) = ended.raise {
        contain::raise(payload);
    }
    match ended.reason {
        None => Outcome::Handled(()),
        Some(reason) => Outcome::Skipped(Skip::of(reason, entry.id.clone(), ended.panic)),
    }
}

fn deliver(core: &Core, entry: &Entry, event: &Event<'_>, settings: Settings) -> Ended {
    let attempt = match Attempt::begin(
        Target {
            core,
            entry,
            settings,
        },
        Some(event),
    ) {
        Ok(attempt) => attempt,
        Err(ended) => return ended,
    };
    match run(&attempt, entry, event) {
        Some(answer) => attempt.complete(answer),
        None => attempt.end(Verdict(Some(Failure::refused(SkipReason::Reentrant)))),
    }
}

/// Runs the user's code; `None` where it would run inside itself.
fn run(
    attempt: &Attempt<'_>,
    entry: &Entry,
    event: &Event<'_>,
) -> Option<Result<Completion, Caught>> {
    match &entry.runner {
        Runner::Annotated(run) => attempt.run_once_nested(|call| run.run(call, event)),
        Runner::Closure(handler) => attempt.run_once_nested(|call| {
            let held: Result<Vec<Hold>, _> = entry.needs.iter().map(|need| need.hold()).collect();
            let _held = held?;
            handler(call, event)
        }),
    }
}

//! How an event gets to its handlers.

mod queued;

use std::{slice, sync::Arc};

use crate::{
    call::{
        self, Caller,
        short::{self, Stop},
    },
    contain,
    emit::EmitSite,
    event::Event,
    handler::{Bound, Entry, Runner},
    hazard::{self, Here, Outermost},
    instance::{Core, scope},
    outcome::{Outcome, Skip},
    reason::SkipReason,
    verdict::Call,
};

/// Emits from a site that somebody observes.
pub fn emit(site: &'static EmitSite, event: &Event<'_>) {
    match hazard::outermost::<false>() {
        Some(here) if emit_here(site, here, event) => {}
        _ => emit_otherwise(site, event),
    }
}

/// Emits to the handlers of the process's telemetry, if they are found.
#[allow(clippy::inline_always, reason = "the whole short way is one function")]
#[inline(always)]
fn emit_here<const FENCED: bool>(
    site: &'static EmitSite,
    here: Outermost<FENCED>,
    event: &Event<'_>,
) -> bool {
    let Some(attached) = site.attached(here) else {
        return false;
    };
    let mut rest = attached.handlers.iter();
    match short::walk(here, &mut rest, event) {
        Stop::End => {}
        stop => go_on(&attached.core, stop, rest, event),
    }
    true
}

/// Delivers to the rest of a list on which the walk came to a stop.
#[cold]
fn go_on<'a>(
    core: &Arc<Core>,
    mut stop: Stop<'a>,
    mut rest: slice::Iter<'a, Bound>,
    event: &'a Event<'a>,
) {
    loop {
        match stop {
            Stop::End => return,
            Stop::At(bound) => deliver(core, bound, hazard::here(), event),
            Stop::After(Ok(())) => {}
            Stop::After(Err(ended)) => ended.go_on(),
        }
        stop = if let Some(here) = hazard::outermost::<false>() {
            short::walk(here, &mut rest, event)
        } else if let Some(here) = hazard::outermost::<true>() {
            short::walk(here, &mut rest, event)
        } else {
            rest.next().map_or(Stop::End, Stop::At)
        };
    }
}

/// Emits where marks need a fence, from inside a call, to a telemetry that was entered, or from a
/// thread that has no marks.
#[cold]
fn emit_otherwise(site: &'static EmitSite, event: &Event<'_>) {
    if let Some(here) = hazard::outermost::<true>()
        && emit_here(site, here, event)
    {
        return;
    }
    let here = hazard::here();
    if let Some(here) = here
        && !hazard::is_diverted()
        && let Some(attached) = site.attached(here)
    {
        return deliver_all(&attached.core, &attached.handlers, Some(here), event);
    }
    scope::with_current(|core| match site.attached_of(core) {
        Some(attached) => deliver_all(core, &attached.handlers, here, event),
        None => deliver_all(core, &core.matching(site.name()), here, event),
    });
}

/// Delivers an event to each of its handlers, in order.
pub(crate) fn deliver_all(
    core: &Arc<Core>,
    handlers: &[Bound],
    here: Option<Here>,
    event: &Event<'_>,
) {
    for bound in handlers {
        deliver(core, bound, here, event);
    }
}

#[cold]
fn deliver(core: &Arc<Core>, bound: &Bound, here: Option<Here>, event: &Event<'_>) {
    if bound.entry.is_queued() {
        return queued::push(core, bound, event);
    }
    let mut run = |call: &Call<'_>| bound.run(call, event);
    if let Err(ended) = call::call_whole(bound, here, Caller::Emission(event), &mut run) {
        ended.go_on();
    }
}

/// Delivers an event to one handler on this thread, for a caller who wants the outcome.
pub(crate) fn call(core: &Core, entry: &Arc<Entry>, event: &Event<'_>) -> Outcome<()> {
    if matches!(&entry.runner, Runner::Annotated(run) if !run.is_sync()) {
        let skip = Skip::of(SkipReason::NotImplemented, entry.id.clone(), None);
        return Outcome::Skipped(skip);
    }
    let settings = core.conduct.config.settings(&entry.id, event.name());
    let bound = Bound::new(&core.conduct, Arc::clone(entry), settings);
    let mut run = |call: &Call<'_>| bound.run(call, event);
    match call::call(&bound, Caller::Direct(event), &mut run) {
        Ok(()) => Outcome::Handled(()),
        Err(mut ended) => {
            if let Some(payload) = ended.take_raise() {
                contain::raise(payload);
            }
            Outcome::Skipped(Skip::of(ended.reason, entry.id.clone(), ended.detail()))
        }
    }
}

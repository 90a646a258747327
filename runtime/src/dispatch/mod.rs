//! How an event gets to its handlers.

mod queued;

use std::sync::Arc;

use crate::{
    call::{self, Caller},
    contain,
    emit::EmitSite,
    event::Event,
    handler::{Bound, Entry, Run, Runner},
    hazard::{self, Here},
    instance::{Core, scope},
    outcome::{Outcome, Skip},
    reason::SkipReason,
    verdict::Call,
};

/// Emits from a site that somebody observes.
pub fn emit(site: &'static EmitSite, event: &Event<'_>) {
    let here = hazard::here();
    if let Some(here) = here
        && !here.is_diverted()
        && let Some(listeners) = site.listeners(here)
    {
        for bound in &listeners.handlers {
            deliver(&listeners.core, bound, Some(here), event);
        }
        return;
    }
    emit_elsewhere(site, here, event);
}

/// Emits to a telemetry that was entered, or from a thread that has no marks.
#[cold]
fn emit_elsewhere(site: &'static EmitSite, here: Option<Here>, event: &Event<'_>) {
    scope::with_current(|core| match site.listeners_of(core) {
        Some(listeners) => deliver_all(core, &listeners.handlers, here, event),
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

#[inline(always)]
fn deliver(core: &Arc<Core>, bound: &Bound, here: Option<Here>, event: &Event<'_>) {
    let code = |call: &Call<'_>| bound.entry.run(call, event);
    match call::call_short(bound, here, Caller::Emission(event), code) {
        Some(Ok(())) => {}
        Some(Err(ended)) => ended.go_on(),
        None => deliver_whole(core, bound, here, event),
    }
}

#[cold]
fn deliver_whole(core: &Arc<Core>, bound: &Bound, here: Option<Here>, event: &Event<'_>) {
    if bound.entry.is_async() {
        return queued::push(core, bound, event);
    }
    let mut code = |call: &Call<'_>| bound.entry.run(call, event);
    if let Err(ended) = call::call_whole(bound, here, Caller::Emission(event), &mut code) {
        ended.go_on();
    }
}

/// Delivers an event to one handler on this thread, for a caller who wants the outcome.
pub(crate) fn call(core: &Core, entry: &Arc<Entry>, event: &Event<'_>) -> Outcome<()> {
    if !matches!(
        entry.runner,
        Runner::Annotated(Run::Sync(_)) | Runner::Closure(_)
    ) {
        let skip = Skip::of(SkipReason::NotImplemented, entry.id.clone(), None);
        return Outcome::Skipped(skip);
    }
    let settings = core.conduct.config.settings(&entry.id, event.name());
    let bound = Bound::new(&core.conduct, Arc::clone(entry), settings);
    match call::call(&bound, hazard::here(), Caller::Direct(event), |call| {
        entry.run(call, event)
    }) {
        Ok(()) => Outcome::Handled(()),
        Err(mut ended) => {
            if let Some(payload) = ended.take_raise() {
                contain::raise(payload);
            }
            Outcome::Skipped(Skip::of(ended.reason, entry.id.clone(), ended.detail()))
        }
    }
}

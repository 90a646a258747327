//! A whole call on one thread, on which everything is asked and told.

use super::{Attempt, Ended, short};
use crate::{
    contain,
    event::Event,
    gate::Presence,
    handler::Bound,
    hazard::{self, Here},
    reason::SkipReason,
    running::Inside,
    verdict::{Call, Completion, Failure},
};

/// The code of a call, which is run once, if at all.
pub(crate) type Code<'c, 'a> = dyn FnMut(&Call<'a>) -> Completion + 'c;

/// Calls a handler's code on this thread: admitted, guarded, counted, and told if it was skipped.
///
/// The delivery of an event is skipped where the handler would run inside itself; without one the
/// handler is a function, which may well call itself.
pub(crate) fn call<'a>(
    target: &'a Bound,
    event: Option<&'a Event<'a>>,
    code: &mut Code<'_, 'a>,
) -> Result<(), Ended> {
    let shortly = |here| short::call(target, here, event, &mut *code);
    match hazard::outermost::<false>().and_then(shortly) {
        Some(called) => called,
        None => call_whole(target, hazard::here(), event, code),
    }
}

/// A call that may be inside another one, of a handler that may be failing, paused or detached.
#[cold]
pub(crate) fn call_whole<'a>(
    target: &'a Bound,
    here: Option<Here>,
    event: Option<&'a Event<'a>>,
    code: &mut Code<'_, 'a>,
) -> Result<(), Ended> {
    let gate = &target.entry.gate;
    let runs_here = here.is_some_and(|here| gate.runs_on(here));
    let presence = gate.enter(here);
    let attempt = Attempt::begin(target, event, presence.is_some())?;
    let _inside = Inside::enter();
    let nested = event.and_then(|_| attempt.nested());
    if event.is_some() && (runs_here || nested.is_none()) {
        return Err(attempt.failed(Failure::refused(SkipReason::Reentrant)));
    }
    let call = target.call();
    let answer = contain::catch(attempt.voice(), || code(&call));
    drop(nested);
    presence.iter().for_each(Presence::tell);
    attempt.complete(call, answer)
}

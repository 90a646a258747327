//! A whole call on one thread, on which everything is asked and told.

use super::{Attempt, Caller, Ended, news, short};
use crate::{
    contain,
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
    caller: Caller<'a>,
    code: &mut Code<'_, 'a>,
) -> Result<(), Ended> {
    let shortly = |here| short::call(target, here, caller, &mut *code);
    match hazard::outermost::<false>().and_then(shortly) {
        Some(result) => result,
        None => call_whole(target, hazard::here(), caller, code),
    }
}

/// A call that cannot go the short way.
#[expect(
    clippy::inline_always,
    reason = "a call around it costs more than a skip"
)]
#[inline(always)]
pub(crate) fn call_whole<'a>(
    target: &'a Bound,
    here: Option<Here>,
    caller: Caller<'a>,
    code: &mut Code<'_, 'a>,
) -> Result<(), Ended> {
    if here.is_some_and(|here| skip_quarantined(target, here)) {
        return Err(Ended::quietly(SkipReason::Quarantined));
    }
    call_asked(target, here, caller, code)
}

/// Skips and counts a call, if the handler's quarantine goes on for certain, and nothing else has to
/// be asked, nor told. Like a call that goes well, such a skip writes to nothing that threads share.
#[inline]
pub(super) fn skip_quarantined(target: &Bound, here: Here) -> bool {
    let is_certain = target.skips_quietly()
        && !news::skips_are_heard()
        && !std::thread::panicking()
        && target.entry.breaker.stays_open();
    if is_certain {
        let counters = target.counters(here);
        counters.matched();
        counters.skipped(SkipReason::Quarantined);
    }
    is_certain
}

/// A call that may be inside another one, of a handler that may be failing, paused or detached.
#[cold]
#[inline(never)]
fn call_asked<'a>(
    target: &'a Bound,
    here: Option<Here>,
    caller: Caller<'a>,
    code: &mut Code<'_, 'a>,
) -> Result<(), Ended> {
    let gate = &target.entry.gate;
    let runs_here = here.is_some_and(|here| gate.runs_on(here));
    let presence = gate.enter(here);
    let attempt = Attempt::begin(target, caller, presence.is_some())?;
    let _inside = Inside::enter();
    let is_delivery = caller.event().is_some();
    let nested = is_delivery.then(|| attempt.nested()).flatten();
    if is_delivery && (runs_here || nested.is_none()) {
        return Err(attempt.failed(Failure::refused(SkipReason::Reentrant)));
    }
    let mut call = target.call();
    let answer = contain::catch(attempt.voice(), || code(&call));
    drop(nested);
    presence.iter().for_each(Presence::tell);
    attempt.complete(&mut call, answer)
}

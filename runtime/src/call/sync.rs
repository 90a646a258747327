//! A whole call on one thread: the short way, which almost every call goes, and the one on which
//! everything is asked and told.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Attempt, Caller, Ended};
use crate::{
    contain::{self, Payload, Quiet},
    gate::{Presence, Visit},
    handler::{Bound, Own},
    hazard::{Here, Mutation, is_broken},
    reason::SkipReason,
    running::Inside,
    verdict::{Call, Completion, Failure, Verdict},
};

/// Calls a handler's code on this thread: admitted, guarded, counted, and told if it was skipped.
/// The code is run once, if at all.
///
/// The delivery of an event is skipped where the handler would run inside itself; without one the
/// handler is a function, which may well call itself.
#[inline]
pub(crate) fn call<'a>(
    target: &'a Bound,
    here: Option<Here>,
    caller: Caller<'a>,
    mut code: impl FnMut(&Call<'a>) -> Completion,
) -> Result<(), Ended> {
    match call_short(target, here, caller, &mut code) {
        Some(result) => result,
        None => call_whole(target, here, caller, &mut code),
    }
}

/// The short way; `None` where a call cannot go it.
#[inline(always)]
pub(crate) fn call_short<'a>(
    target: &'a Bound,
    here: Option<Here>,
    caller: Caller<'a>,
    code: impl FnOnce(&Call<'a>) -> Completion,
) -> Option<Result<(), Ended>> {
    let short = Short::begin(target, here)?;
    let mut call = target.call();
    let answer = catch_unwind(AssertUnwindSafe(|| code(&call)));
    if let Ok(Ok(Verdict::Handled)) = answer {
        // Nothing was left with it, and to look would cost.
        std::mem::forget(call);
        short.handled();
        Some(Ok(()))
    } else {
        Some(short.failed(caller, &mut call, answer))
    }
}

/// A call of which nothing had to be asked, and of which nothing has to be told if it is handled.
struct Short<'a> {
    target: &'a Bound,
    counters: Own,
    quiet: Quiet,
    visit: Visit<'a>,
}

impl<'a> Short<'a> {
    #[inline(always)]
    fn begin(target: &'a Bound, here: Option<Here>) -> Option<Self> {
        let here = here?;
        if !target.is_unconditional() {
            return None;
        }
        let quiet = Quiet::enter()?;
        let visit = target.entry.gate.visit(here);
        let Some(visit) = visit.filter(|_| target.entry.breaker.is_calm()) else {
            quiet.leave();
            return None;
        };
        let counters = target.counters(here);
        counters.matched();
        Some(Short {
            target,
            counters,
            quiet,
            visit,
        })
    }

    #[inline(always)]
    fn handled(self) {
        self.quiet.leave();
        if is_broken(Mutation::LeaveBeforeCounting) {
            drop(self.visit);
            return self.counters.handled();
        }
        self.counters.handled();
    }

    /// Ends a call whose failure is mostly only counted.
    #[cold]
    fn failed(
        self,
        caller: Caller<'_>,
        call: &mut Call<'_>,
        answer: Result<Completion, Payload>,
    ) -> Result<(), Ended> {
        if let Ok(Ok(Verdict::Failed)) = answer
            && let Some(reason) = call.bare_reason()
            && !self.target.can_be_quarantined()
        {
            self.counters.skipped(reason);
            self.quiet.leave();
            return Err(Ended::quietly(reason));
        }
        self.failed_loudly(caller, call, answer)
    }

    /// Ends a call of which somebody has to be told: the breaker, or whoever reads records.
    #[inline(never)]
    fn failed_loudly(
        self,
        caller: Caller<'_>,
        call: &mut Call<'_>,
        answer: Result<Completion, Payload>,
    ) -> Result<(), Ended> {
        let answer = answer.map_err(|payload| self.quiet.caught(payload));
        let answer = answer.inspect(|_| self.quiet.leave());
        self.visit.tell();
        Attempt::admitted(self.target, caller).complete(call, answer)
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
    code: &mut dyn FnMut(&Call<'a>) -> Completion,
) -> Result<(), Ended> {
    if let Some(here) = here
        && is_certainly_quarantined(target)
    {
        let counters = target.counters(here);
        counters.matched();
        counters.skipped(SkipReason::Quarantined);
        return Err(Ended::quietly(SkipReason::Quarantined));
    }
    call_asked(target, here, caller, code)
}

/// Whether the handler's quarantine goes on for certain, and nothing else has to be asked, nor told.
/// Like a call that goes well, such a skip writes to nothing that threads share.
#[inline]
fn is_certainly_quarantined(target: &Bound) -> bool {
    target.is_unconditional()
        && !target.settings.debug
        && target.limits.is_some()
        && !std::thread::panicking()
        && target.entry.breaker.stays_open()
}

/// A call that may be inside another one, of a handler that may be failing, paused or detached.
#[cold]
#[inline(never)]
fn call_asked<'a>(
    target: &'a Bound,
    here: Option<Here>,
    caller: Caller<'a>,
    code: &mut dyn FnMut(&Call<'a>) -> Completion,
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

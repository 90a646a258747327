//! The short way of a call on one thread, which almost every call goes: nothing has to be asked
//! before it but whether the handler is calm, and nothing has to be told after it.
//!
//! Only the outermost call of a thread goes it. What does not go well is handed to functions that
//! are out of the way.

#![allow(
    clippy::inline_always,
    reason = "with a call for each part the way is half as long again"
)]

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    slice,
};

use super::{Attempt, Caller, Ended, news, sync::skip_quarantined};
use crate::{
    contain::{Payload, Quiet},
    event::Event,
    gate::Visit,
    handler::{Bound, Own},
    hazard::{Mutation, Outermost, is_broken},
    verdict::{Call, Completion, Verdict},
};

/// Where a [walk](walk()) along a list of handlers ended.
pub(crate) enum Stop<'a> {
    /// At its end: what was left of the list has handled the event.
    End,
    /// At a handler whose call has to go another way.
    At(&'a Bound),
    /// After a handler that left something to be told.
    After(Result<(), Ended>),
}

/// Calls the handlers of a list, as long as all goes well.
#[inline(always)]
pub(crate) fn walk<'a, const FENCED: bool>(
    here: Outermost<FENCED>,
    rest: &mut slice::Iter<'a, Bound>,
    event: &'a Event<'a>,
) -> Stop<'a> {
    let Some(quiet) = Quiet::enter_outermost(here) else {
        return rest.next().map_or(Stop::End, Stop::At);
    };
    for target in rest {
        let Some(short) = Short::begin(target, here) else {
            if skip_quarantined(target, here.here()) {
                continue;
            }
            quiet.leave();
            return Stop::At(target);
        };
        let mut call = target.call();
        match catch_unwind(AssertUnwindSafe(|| target.run(&call, event))) {
            Ok(Ok(Verdict::Handled)) => {
                // Nothing was left with it, and to look would cost.
                std::mem::forget(call);
                short.handled();
                if !quiet.is_settled() {
                    quiet.leave();
                    return Stop::After(Ok(()));
                }
            }
            answer => {
                return Stop::After(short.end(quiet, Caller::Emission(event), &mut call, answer));
            }
        }
    }
    quiet.leave();
    Stop::End
}

/// Calls one handler's code; `None` where the call has to go another way.
#[inline(always)]
pub(crate) fn call<'a, const FENCED: bool>(
    target: &'a Bound,
    here: Outermost<FENCED>,
    caller: Caller<'a>,
    code: impl FnOnce(&Call<'a>) -> Completion,
) -> Option<Result<(), Ended>> {
    let quiet = Quiet::enter_outermost(here)?;
    let Some(short) = Short::begin(target, here) else {
        quiet.leave();
        return None;
    };
    let mut call = target.call();
    match catch_unwind(AssertUnwindSafe(|| code(&call))) {
        Ok(Ok(Verdict::Handled)) => {
            std::mem::forget(call);
            short.handled();
            quiet.leave();
            Some(Ok(()))
        }
        answer => Some(short.end(quiet, caller, &mut call, answer)),
    }
}

/// A call of which nothing had to be asked.
struct Short<'a> {
    target: &'a Bound,
    counters: Own,
    visit: Visit<'a>,
}

impl<'a> Short<'a> {
    #[inline(always)]
    fn begin<const FENCED: bool>(target: &'a Bound, here: Outermost<FENCED>) -> Option<Self> {
        if !target.is_unconditional() {
            return None;
        }
        let visit = target.entry.gate.visit(here)?;
        if !target.entry.breaker.is_calm() {
            return None;
        }
        let counters = target.counters(here.here());
        counters.matched();
        Some(Short {
            target,
            counters,
            visit,
        })
    }

    #[inline(always)]
    fn handled(self) {
        if is_broken(Mutation::LeaveBeforeCounting) {
            drop(self.visit);
            return self.counters.handled();
        }
        self.counters.handled();
    }

    /// Ends a call whose failure is mostly only counted.
    #[cold]
    fn end(
        self,
        quiet: Quiet,
        caller: Caller<'_>,
        call: &mut Call<'_>,
        answer: Result<Completion, Payload>,
    ) -> Result<(), Ended> {
        if let Ok(Ok(Verdict::Failed)) = answer
            && let Some(reason) = call.bare_reason()
            && !self.target.can_be_quarantined()
            && !news::skips_are_heard()
        {
            self.counters.skipped(reason);
            quiet.leave();
            return Err(Ended::quietly(reason));
        }
        self.end_loudly(quiet, caller, call, answer)
    }

    /// Ends a call of which somebody has to be told: the breaker, or whoever reads records.
    #[inline(never)]
    fn end_loudly(
        self,
        quiet: Quiet,
        caller: Caller<'_>,
        call: &mut Call<'_>,
        answer: Result<Completion, Payload>,
    ) -> Result<(), Ended> {
        let answer = match answer {
            Ok(completion) => {
                quiet.leave();
                Ok(completion)
            }
            Err(payload) => Err(quiet.caught(payload)),
        };
        self.visit.tell();
        Attempt::admitted(self.target, caller).complete(call, answer)
    }
}

//! The plain form: a function defended in place, for its own callers.

use std::{future::Future, pin::Pin};

use super::{Attempt, Caller, Ended, Held, call_whole, guarded, short};
use crate::{
    contain::{self, Kept},
    handler::{Bound, Site},
    hazard,
    instance::scope,
    outcome::{Outcome, Skip},
    reason::SkipReason,
    resource::Unavailable,
    verdict::{Call, Completion, Failed, Verdict},
};

/// Runs the body of a defended function. What the caller gets is the body's value, or what
/// `fallback` makes of the skip.
#[inline]
pub fn defend<R, L>(
    site: &'static Site,
    acquire: impl FnOnce() -> Result<L, Unavailable>,
    body: impl FnOnce() -> R,
    inspect: impl for<'v> FnOnce(&'v R) -> Option<Failed<'v>>,
    fallback: impl FnOnce(Skip) -> R,
) -> R {
    let mut parts = Some((acquire, body, inspect));
    let mut returned = None;
    let mut left = None;
    let handled = call_in_place(site, &mut left, &mut |call| {
        let Some((acquire, body, inspect)) = parts.take() else {
            return Ok(Verdict::Handled);
        };
        let leases = acquire().map_err(|gone| call.gone(&gone))?;
        let value = returned.insert(body());
        let verdict = Verdict::of(call, inspect(value));
        drop(leases);
        Ok(verdict)
    });
    match returned {
        Some(value) if handled => {
            // Nothing was left, and to look would cost.
            std::mem::forget(left);
            value
        }
        returned => not_handled(left, returned, fallback),
    }
}

/// Calls a defended function; not generic, so that each costs its callers little code. Returns
/// whether it was handled, and otherwise leaves what became of it.
fn call_in_place(
    site: &'static Site,
    left: &mut Option<Left>,
    code: &mut dyn FnMut(&Call<'_>) -> Completion,
) -> bool {
    if let Some(here) = hazard::outermost::<false>()
        && let Some(bound) = site.bound.read(here)
        && let Some(called) = short::call(&bound, here, Caller::Function, &mut *code)
    {
        return Left::by(left, &bound, called);
    }
    call_otherwise(site, left, code)
}

/// Calls a defended function where marks need a fence, inside another call, or in a telemetry that
/// was entered; or one that has to be asked or told about.
#[cold]
fn call_otherwise(
    site: &'static Site,
    left: &mut Option<Left>,
    code: &mut dyn FnMut(&Call<'_>) -> Completion,
) -> bool {
    if let Some(here) = hazard::outermost::<true>()
        && let Some(bound) = site.bound.read(here)
        && let Some(called) = short::call(&bound, here, Caller::Function, &mut *code)
    {
        return Left::by(left, &bound, called);
    }
    let here = hazard::here();
    let marked = scope::lend(site, here);
    let owned;
    let bound: &Bound = if let Some(marked) = &marked {
        marked
    } else {
        owned = scope::plain(site, here);
        &owned
    };
    let called = call_whole(bound, here, Caller::Function, &mut |call| code(call));
    Left::by(left, bound, called)
}

/// What a call that was not handled leaves for its caller.
pub(crate) struct Left {
    skip: Skip,
    /// The panic to go on with.
    raise: Option<contain::Payload>,
}

impl Left {
    /// Leaves what became of a call, if anything. Returns whether it was handled.
    #[inline]
    pub(crate) fn by(left: &mut Option<Left>, bound: &Bound, called: Result<(), Ended>) -> bool {
        match called {
            Ok(()) => true,
            Err(ended) => {
                *left = Some(Left::of(bound, ended));
                false
            }
        }
    }

    #[cold]
    fn of(bound: &Bound, mut ended: Ended) -> Self {
        let raise = ended.take_raise();
        Left {
            skip: Skip::of(ended.reason, bound.entry.id.clone(), ended.detail()),
            raise,
        }
    }
}

/// As [`defend`], for an async function: every poll is guarded, and so is the drop, for which the
/// future is taken out.
pub async fn defend_async<R, L, F: Future<Output = R>>(
    site: &'static Site,
    acquire: impl FnOnce() -> Result<L, Unavailable>,
    mut future: Pin<&mut Option<F>>,
    inspect: impl for<'v> FnOnce(&'v R) -> Option<Failed<'v>>,
    fallback: impl FnOnce(Skip) -> R,
) -> R {
    let bound = scope::plain(site, hazard::here());
    let mut returned = None;
    let called = {
        let pass = bound.entry.gate.pass();
        match Attempt::begin(&bound, Caller::Function, pass.is_some()) {
            Ok(attempt) => {
                let mut call = bound.call();
                let leases = attempt.run(|| acquire().map(Kept::new));
                let answer = match leases {
                    Ok(Ok(leases)) => {
                        let polled = guarded(&attempt, Held::new(future.as_mut())).await;
                        polled.and_then(|value| {
                            let value = returned.insert(value);
                            attempt.run(|| {
                                let verdict = Verdict::of(&call, inspect(value));
                                drop(leases);
                                Ok(verdict)
                            })
                        })
                    }
                    Ok(Err(unavailable)) => Ok(Err(call.gone(&unavailable))),
                    Err(caught) => Err(caught),
                };
                attempt.complete(&mut call, answer)
            }
            Err(ended) => Err(ended),
        }
    };
    match (called, returned) {
        (Ok(()), Some(value)) => value,
        (called, returned) => {
            // A future that was not polled owns its arguments still.
            drop(Held::new(future));
            let left = called.err().map(|ended| Left::of(&bound, ended));
            not_handled(left, returned, fallback)
        }
    }
}

/// What the caller gets of a call that was not handled: the value that the body returned, though
/// it was a failure; or else what stands for the skip, or the panic where it shall go on.
#[cold]
pub(crate) fn not_handled<R>(
    left: Option<Left>,
    returned: Option<R>,
    fallback: impl FnOnce(Skip) -> R,
) -> R {
    let (skip, raise) = match left {
        Some(Left { skip, raise }) => (skip, raise),
        None => (Skip::of(SkipReason::Unexpected, "".into(), None), None),
    };
    if let Some(value) = returned {
        raise.map(contain::dispose);
        return value;
    }
    if let Some(payload) = raise {
        contain::raise(payload);
    }
    fallback(skip)
}

/// What a defended function returns when it is skipped.
#[diagnostic::on_unimplemented(
    message = "a defended function cannot return `{Self}` without a `fallback`",
    label = "what shall a skipped call return?",
    note = "write `fallback = value` or `fallback = |skip| value` in the attribute",
    note = "or return `()`, `Outcome<T>`, or `Result<T, E>` with `E: From<Skip>`"
)]
pub trait YieldSkip {
    /// The value that stands for the skip.
    fn yield_skip(skip: Skip) -> Self;
}

impl YieldSkip for () {
    fn yield_skip(_: Skip) -> Self {}
}

impl<T> YieldSkip for Outcome<T> {
    fn yield_skip(skip: Skip) -> Self {
        Outcome::Skipped(skip)
    }
}

impl<T, E: FromSkip> YieldSkip for Result<T, E> {
    fn yield_skip(skip: Skip) -> Self {
        Err(E::from_skip(skip))
    }
}

/// An error that can be a skip: any that is `From<Skip>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold a skip",
    label = "what shall a skipped call return?",
    note = "implement `From<gambeson::Skip>` for `{Self}`, which `#[from]` does on a variant of a thiserror enum",
    note = "or write `fallback = value` or `fallback = |skip| value` in the attribute"
)]
pub trait FromSkip {
    /// The error that stands for the skip.
    fn from_skip(skip: Skip) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<Skip>> FromSkip for E {
    fn from_skip(skip: Skip) -> Self {
        skip.into()
    }
}

/// What a defended function returns when it is skipped, by its type.
pub fn yield_skip<R: YieldSkip>(skip: Skip) -> R {
    R::yield_skip(skip)
}

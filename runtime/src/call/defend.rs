//! The plain form: a function defended in place, for its own callers.

use std::{future::Future, pin::Pin};

use super::{Attempt, Caller, Ended, Held, call, guarded};
use crate::{
    contain::{self, Kept},
    handler::{Bound, Site},
    hazard,
    instance::scope,
    outcome::{Outcome, Skip},
    reason::SkipReason,
    resource::Unavailable,
    verdict::{Failed, Verdict},
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
    let here = hazard::here();
    let lent = scope::lend(site, here);
    let owned;
    let bound: &Bound = if let Some(lent) = &lent {
        lent
    } else {
        owned = scope::plain(site, here);
        &owned
    };
    let mut parts = Some((acquire, body, inspect));
    let mut returned = None;
    let called = call(bound, here, Caller::Function, |call| {
        let Some((acquire, body, inspect)) = parts.take() else {
            return Ok(Verdict::Handled);
        };
        let leases = acquire().map_err(|gone| call.gone(&gone))?;
        let value = returned.insert(body());
        let verdict = Verdict::of(call, inspect(value));
        drop(leases);
        Ok(verdict)
    });
    match (called, returned) {
        // An error of the body is the caller's, unchanged; it has been counted.
        (Ok(()), Some(value)) => value,
        (called, returned) => not_handled(bound, called, returned, fallback),
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
            not_handled(&bound, called, returned, fallback)
        }
    }
}

/// What the caller gets of a call that was not handled: the value that the body returned, though
/// it was a failure; or else what stands for the skip, or the panic where it shall go on.
#[cold]
fn not_handled<R>(
    bound: &Bound,
    called: Result<(), Ended>,
    returned: Option<R>,
    fallback: impl FnOnce(Skip) -> R,
) -> R {
    let mut ended = called.err();
    let raise = ended.as_mut().and_then(Ended::take_raise);
    if let Some(value) = returned {
        raise.map(contain::dispose);
        return value;
    }
    if let Some(payload) = raise {
        contain::raise(payload);
    }
    let reason = ended
        .as_ref()
        .map_or(SkipReason::Unexpected, |ended| ended.reason);
    let detail = ended.and_then(Ended::detail);
    fallback(Skip::of(reason, bound.entry.id.clone(), detail))
}

/// What a defended function returns when it is skipped.
#[diagnostic::on_unimplemented(
    message = "a defended function cannot return `{Self}` without a `fallback`",
    label = "what shall a skipped call return?",
    note = "write `#[defensive_handler(fallback = value)]` or `fallback = |skip| value`",
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
    note = "or write `#[defensive_handler(fallback = value)]` or `fallback = |skip| value`"
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

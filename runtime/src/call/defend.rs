//! The plain form: a function defended in place, for its own callers.

use std::{future::Future, pin::Pin};

use super::{Attempt, Ended, Held, Target, guarded};
use crate::{
    contain::{self, Caught, Kept},
    handler::{Entry, Site},
    instance::{Core, scope},
    outcome::{Outcome, Skip},
    reason::SkipReason,
    resource::Unavailable,
    verdict::{Failed, Failure, Verdict},
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
    let (core, entry) = scope::plain(site);
    let ended = match begin(&core, &entry) {
        Ok(attempt) => {
            let answer = attempt.run(|_| {
                let leases = acquire().map(Kept::new)?;
                Ok((body(), leases))
            });
            match settle(attempt, answer, inspect) {
                Ok(value) => return value,
                Err(ended) => ended,
            }
        }
        Err(ended) => ended,
    };
    fallback(skip(ended, &entry))
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
    let (core, entry) = scope::plain(site);
    let ended = match begin(&core, &entry) {
        Ok(attempt) => {
            let leases = attempt.run(|_| acquire().map(Kept::new));
            let answer = match leases {
                Ok(Ok(leases)) => {
                    let value = guarded(&attempt, Held::new(future.as_mut())).await;
                    value.map(|value| Ok((value, leases)))
                }
                Ok(Err(unavailable)) => Ok(Err(unavailable)),
                Err(caught) => Err(caught),
            };
            match settle(attempt, answer, inspect) {
                Ok(value) => return value,
                Err(ended) => ended,
            }
        }
        Err(ended) => ended,
    };
    // A future that was not polled owns its arguments still.
    drop(Held::new(future));
    fallback(skip(ended, &entry))
}

fn begin<'a>(core: &'a Core, entry: &'a Entry) -> Result<Attempt<'a>, Ended> {
    let settings = core.plain_settings(entry);
    Attempt::begin(
        Target {
            core,
            entry,
            settings,
        },
        None,
    )
}

/// Counts what the body answered. An error of the body is the caller's, unchanged, and counted.
fn settle<R, L>(
    attempt: Attempt<'_>,
    answer: Result<Result<(R, Kept<L>), Unavailable>, Caught>,
    inspect: impl for<'v> FnOnce(&'v R) -> Option<Failed<'v>>,
) -> Result<R, Ended> {
    match answer {
        Ok(Ok((value, leases))) => {
            let verdict = attempt
                .run(|call| {
                    let verdict = Verdict::of(call, inspect(&value));
                    drop(leases);
                    verdict
                })
                .unwrap_or_else(|caught| {
                    contain::dispose(caught.payload);
                    Verdict(Some(Failure::refused(SkipReason::Unexpected)))
                });
            attempt.end(verdict);
            Ok(value)
        }
        Ok(Err(unavailable)) => Err(attempt.end(Verdict(Some(Failure::unavailable(&unavailable))))),
        Err(caught) => Err(attempt.panicked(caught)),
    }
}

/// The skip for the caller, or the panic where it shall go on.
fn skip(ended: Ended, entry: &Entry) -> Skip {
    if let Some(payload) = ended.raise {
        contain::raise(payload);
    }
    let reason = ended.reason.unwrap_or(SkipReason::Unexpected);
    Skip::of(reason, entry.id.clone(), ended.panic)
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

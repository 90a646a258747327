//! From a failure to its skip reason: by type wherever there is one, then by known messages.

mod messages;
#[cfg(feature = "ractor")]
mod ractor_types;
mod std_types;
#[cfg(feature = "tokio")]
mod tokio_types;

#[cfg(fuzzing)]
pub(crate) use self::messages::scan::scanned;
use std::{any::Any, error::Error, ops::ControlFlow};

use crate::{
    contain::{self, CHAIN_LIMIT, MESSAGE_CAP},
    escape::Escaped,
    reason::SkipReason,
};

/// An error that knows its own skip reason.
///
/// Derive it: `#[skip(reason)]` on a variant names the reason; without it a `#[from]` or
/// `#[source]` field is asked, and then its chain.
///
/// ```
/// use gambeson::{Classify, SkipReason};
///
/// #[derive(Debug, thiserror::Error, Classify)]
/// enum StoreError {
///     #[error("the store is gone")]
///     #[skip(state_unavailable)]
///     Gone,
///     #[error(transparent)]
///     Io(#[from] std::io::Error),
/// }
///
/// assert_eq!(StoreError::Gone.classify(), Some(SkipReason::StateUnavailable));
/// let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// assert_eq!(StoreError::Io(refused).classify(), Some(SkipReason::PeerDead));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say why a call is skipped",
    note = "derive `gambeson::Classify` for it, or give the handler `classify = path`"
)]
pub trait Classify: Error {
    /// The reason, or `None` for one that only its sources may tell.
    fn classify(&self) -> Option<SkipReason>;
}

/// The reason of an error whose type, and those of its sources, are not known.
pub(crate) fn said_reason(error: &(dyn Error + 'static)) -> SkipReason {
    chain(error)
        .find_map(|cause| messages::reason_of_error(&contain::start_of(cause)))
        .unwrap_or(SkipReason::Unexpected)
}

/// The same, and what the error and its sources say, in at most `capacity` bytes. Each is asked
/// once: there are some that can be shown only once.
pub(crate) fn read(error: &(dyn Error + 'static), capacity: usize) -> (SkipReason, Escaped) {
    let mut said = SkipReason::Unexpected;
    let text = contain::chain(error, capacity, |start| {
        match messages::reason_of_error(start) {
            Some(reason) => {
                said = reason;
                ControlFlow::Break(())
            }
            None => ControlFlow::Continue(()),
        }
    });
    (said, text)
}

/// The reason of an error that classifies itself, or whose sources do.
pub(crate) fn reason_of<E: Classify + ?Sized>(error: &E) -> SkipReason {
    error
        .classify()
        .or_else(|| error.source().and_then(known_error))
        .unwrap_or(SkipReason::Unexpected)
}

/// The reason of the first error in the chain whose type is known.
pub(crate) fn known_error(error: &(dyn Error + 'static)) -> Option<SkipReason> {
    chain(error).find_map(typed)
}

/// The reason of a panic: its payload's type, then its message. With it comes what an error in the
/// payload says, if that had to be asked.
pub(crate) fn panic_reason(payload: &(dyn Any + Send)) -> (SkipReason, Option<Escaped>) {
    if let Some(message) = contain::message_of(payload) {
        return (message_reason(message), None);
    }
    let Some(error) = contain::error_in(payload) else {
        let thrown = std_types::thrown(payload);
        return (thrown.unwrap_or(SkipReason::Unexpected), None);
    };
    match contain::attempt(|| known_error(error)) {
        Some(Some(reason)) => (reason, None),
        Some(None) => {
            let (reason, said) = read(error, MESSAGE_CAP);
            (reason, Some(said))
        }
        None => (SkipReason::Unexpected, None),
    }
}

/// The reason of a panic of which only the message is known.
pub(crate) fn message_reason(message: &str) -> SkipReason {
    messages::reason_of_panic(message).unwrap_or(SkipReason::Unexpected)
}

fn typed(error: &(dyn Error + 'static)) -> Option<SkipReason> {
    let known = std_types::reason_of(error);
    #[cfg(feature = "tokio")]
    let known = known.or_else(|| tokio_types::reason_of(error));
    #[cfg(feature = "ractor")]
    let known = known.or_else(|| ractor_types::reason_of(error));
    known
}

fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> + 'a {
    std::iter::successors(Some(error), |&error| error.source()).take(CHAIN_LIMIT)
}

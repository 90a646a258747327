//! What became of a call: handled, or skipped for a reason.

use std::{error::Error, fmt, sync::Arc};

use crate::{
    contain::PanicDetail,
    reason::{SkipClass, SkipReason},
};

/// What became of one call of a defended handler.
#[derive(Clone, Debug)]
#[must_use = "an outcome may be a skip"]
pub enum Outcome<T> {
    /// The handler ran to its end; this is what it returned.
    Handled(T),
    /// The handler did not run, or did not finish.
    Skipped(Skip),
}

impl<T> Outcome<T> {
    /// What the handler returned, unless it was skipped.
    pub fn handled(self) -> Option<T> {
        match self {
            Outcome::Handled(value) => Some(value),
            Outcome::Skipped(_) => None,
        }
    }

    /// The skip, unless the handler ran to its end.
    pub fn skip(&self) -> Option<&Skip> {
        match self {
            Outcome::Handled(_) => None,
            Outcome::Skipped(skip) => Some(skip),
        }
    }

    /// Whether the handler ran to its end.
    pub fn is_handled(&self) -> bool {
        matches!(self, Outcome::Handled(_))
    }

    /// The reason of the skip, unless the handler ran to its end.
    pub fn reason(&self) -> Option<SkipReason> {
        self.skip().map(Skip::reason)
    }
}

/// One skipped call.
///
/// Its `Display` names the reason and the handler, and nothing that came from the failure, so
/// that it may be shown to a client. The text of a panic is behind [`Skip::panic`].
///
/// A handler that returns `Result<T, E>` with `E: From<Skip>` gets its skips as errors:
///
/// ```
/// use gambeson::{Skip, defensive_handler};
///
/// #[derive(Debug, thiserror::Error)]
/// enum PriceError {
///     #[error("no price: {0}")]
///     Skipped(#[from] Skip),
/// }
///
/// #[defensive_handler]
/// fn price(quantities: &[u32]) -> Result<u32, PriceError> {
///     Ok(100 * quantities[0])
/// }
///
/// assert_eq!(price(&[2]).unwrap(), 200);
/// assert!(matches!(price(&[]), Err(PriceError::Skipped(_))));
/// ```
#[derive(Clone, Debug)]
pub struct Skip {
    reason: SkipReason,
    handler: Option<Arc<str>>,
    panic: Option<Arc<PanicDetail>>,
}

impl Skip {
    /// A skip that a handler returns by itself, for a reason of its own.
    pub const fn new(reason: SkipReason) -> Self {
        Skip {
            reason,
            handler: None,
            panic: None,
        }
    }

    /// Why the call was skipped.
    pub const fn reason(&self) -> SkipReason {
        self.reason
    }

    /// The class of the reason.
    pub const fn class(&self) -> SkipClass {
        self.reason.class()
    }

    /// The handler that was skipped, once the runtime knows it.
    pub fn handler(&self) -> Option<&str> {
        self.handler.as_deref()
    }

    /// The panic that was contained, if it was one.
    pub fn panic(&self) -> Option<&PanicDetail> {
        self.panic.as_deref()
    }

    pub(crate) fn of(
        reason: SkipReason,
        handler: Arc<str>,
        panic: Option<Arc<PanicDetail>>,
    ) -> Self {
        Skip {
            reason,
            handler: Some(handler),
            panic,
        }
    }
}

impl From<SkipReason> for Skip {
    fn from(reason: SkipReason) -> Self {
        Skip::new(reason)
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.handler() {
            Some(handler) => write!(f, "handler `{handler}` was skipped: {}", self.reason),
            None => write!(f, "skipped: {}", self.reason),
        }
    }
}

impl Error for Skip {}

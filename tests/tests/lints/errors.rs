//! The derive on every kind of type.

use gambeson::Classify;

/// An enum.
#[derive(Debug, thiserror::Error, Classify)]
pub enum LedgerError<E: std::error::Error + 'static> {
    /// Stated.
    #[error("gone")]
    #[skip(state_unavailable)]
    Gone,
    /// Asked.
    #[error(transparent)]
    Input(#[from] std::io::Error),
    /// Asked, generic.
    #[error("broken")]
    Broken {
        /// Why.
        source: E,
    },
    /// Unknown.
    #[error("other {0}")]
    Other(u32),
}

/// A struct.
#[derive(Clone, Copy, Debug, thiserror::Error, Classify)]
#[error("slow")]
#[skip(timed_out)]
pub struct Slow;

/// Without values.
#[derive(Clone, Copy, Debug, thiserror::Error, Classify)]
pub enum Never {}

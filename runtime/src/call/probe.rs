//! What a returned value says, found by its type: method resolution takes the first trait below
//! whose bounds hold, because each stands behind one reference less than the one before.

use std::{error::Error, fmt};

use super::{Call, Verdict};
use crate::{
    classify::{self, Classify},
    diagnostics::escape,
    outcome::Outcome,
    reason::SkipReason,
};

/// A returned value, to be asked with `(&&&&&&&Probe(&value)).verdict(call)`.
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// An error, to be asked with `(&&&&ErrorProbe(&error)).reason()`.
#[derive(Debug)]
pub struct ErrorProbe<'a, E: ?Sized>(pub &'a E);

const TEXT_CAP: usize = 1024;

fn judge<T, E>(result: &Result<T, E>, verdict: impl FnOnce(&E) -> Verdict) -> Verdict {
    match result {
        Ok(_) => Verdict::HANDLED,
        Err(error) => verdict(error),
    }
}

/// An outcome says it by itself.
pub trait ByOutcome {
    /// The verdict on the value.
    fn verdict(&self, call: &Call<'_>) -> Verdict;
}

impl<T> ByOutcome for &&&&&&Probe<'_, Outcome<T>> {
    fn verdict(&self, call: &Call<'_>) -> Verdict {
        Verdict::outcome(call, self.0)
    }
}

/// An error that classifies itself.
pub trait ByClassify {
    /// The verdict on the value.
    fn verdict(&self, call: &Call<'_>) -> Verdict;
}

impl<T, E: Classify> ByClassify for &&&&&&Probe<'_, Result<T, E>> {
    fn verdict(&self, call: &Call<'_>) -> Verdict {
        judge(self.0, |error| Verdict::classified(call, error))
    }
}

/// An error whose type and sources may be known.
pub trait ByError {
    /// The verdict on the value.
    fn verdict(&self, call: &Call<'_>) -> Verdict;
}

impl<T, E: Error + 'static> ByError for &&&&&Probe<'_, Result<T, E>> {
    fn verdict(&self, call: &Call<'_>) -> Verdict {
        judge(self.0, |error| Verdict::plain_error(call, error))
    }
}

/// An error in a box, or in a type that is one in all but name.
pub trait ByBoxed {
    /// The verdict on the value.
    fn verdict(&self, call: &Call<'_>) -> Verdict;
}

impl<T, E: AsRef<dyn Error + Send + Sync + 'static>> ByBoxed for &&&&Probe<'_, Result<T, E>> {
    fn verdict(&self, call: &Call<'_>) -> Verdict {
        judge(self.0, |error| Verdict::plain_error(call, error.as_ref()))
    }
}

/// As [`ByBoxed`], for errors that stay on their thread.
pub trait ByLocalBoxed {
    /// The verdict on the value.
    fn verdict(&self, call: &Call<'_>) -> Verdict;
}

impl<T, E: AsRef<dyn Error + 'static>> ByLocalBoxed for &&&Probe<'_, Result<T, E>> {
    fn verdict(&self, call: &Call<'_>) -> Verdict {
        judge(self.0, |error| Verdict::plain_error(call, error.as_ref()))
    }
}

/// An error that can only be shown.
pub trait ByDebug {
    /// The verdict on the value.
    fn verdict(&self, call: &Call<'_>) -> Verdict;
}

impl<T, E: fmt::Debug> ByDebug for &&Probe<'_, Result<T, E>> {
    fn verdict(&self, call: &Call<'_>) -> Verdict {
        judge(self.0, |error| {
            Verdict::error(call, SkipReason::Unexpected, || {
                escape::format(format_args!("{error:?}"), TEXT_CAP).text
            })
        })
    }
}

/// An error of which nothing is known but its type.
pub trait ByTypeName {
    /// The verdict on the value.
    fn verdict(&self, call: &Call<'_>) -> Verdict;
}

impl<T, E> ByTypeName for &Probe<'_, Result<T, E>> {
    fn verdict(&self, call: &Call<'_>) -> Verdict {
        judge(self.0, |_| {
            Verdict::error(call, SkipReason::Unexpected, || {
                std::any::type_name::<E>().to_owned()
            })
        })
    }
}

/// Any other value was handled.
pub trait ByPresence {
    /// The verdict on the value.
    fn verdict(&self, call: &Call<'_>) -> Verdict;
}

impl<T> ByPresence for Probe<'_, T> {
    fn verdict(&self, _: &Call<'_>) -> Verdict {
        Verdict::HANDLED
    }
}

/// A source that classifies itself.
pub trait ReasonByClassify {
    /// The reason, where there is one.
    fn reason(&self) -> Option<SkipReason>;
}

impl<E: Classify> ReasonByClassify for &&&ErrorProbe<'_, E> {
    fn reason(&self) -> Option<SkipReason> {
        self.0
            .classify()
            .or_else(|| self.0.source().and_then(classify::known_error))
    }
}

/// A source whose type and sources may be known.
pub trait ReasonByError {
    /// The reason, where there is one.
    fn reason(&self) -> Option<SkipReason>;
}

impl<E: Error + 'static> ReasonByError for &&ErrorProbe<'_, E> {
    fn reason(&self) -> Option<SkipReason> {
        classify::known_error(self.0)
    }
}

/// A source in a box.
pub trait ReasonByBoxed {
    /// The reason, where there is one.
    fn reason(&self) -> Option<SkipReason>;
}

impl<E: AsRef<dyn Error + Send + Sync + 'static>> ReasonByBoxed for &ErrorProbe<'_, E> {
    fn reason(&self) -> Option<SkipReason> {
        classify::known_error(self.0.as_ref())
    }
}

/// A source that says nothing.
pub trait ReasonByType {
    /// The reason, where there is one.
    fn reason(&self) -> Option<SkipReason>;
}

impl<E: ?Sized> ReasonByType for ErrorProbe<'_, E> {
    fn reason(&self) -> Option<SkipReason> {
        None
    }
}

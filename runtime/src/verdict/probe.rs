//! What a returned value says, found by its type: method resolution takes the first trait below
//! whose bounds hold, because each stands behind one reference less than the one before.

use std::{error::Error, fmt};

use super::failed::{Failed, Said};
use crate::{
    classify::{self, Classify},
    outcome::{Outcome, Skip},
    reason::SkipReason,
};

/// A returned value, to be asked with `(&&&&&&&&Probe(&value)).gambeson_failed()`.
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// An error, to be asked with `(&&&&ErrorProbe(&error)).gambeson_reason()`.
#[derive(Debug)]
pub struct ErrorProbe<'a, E: ?Sized>(pub &'a E);

/// An outcome says it by itself.
pub trait ByOutcome<'a> {
    /// How the value says that the call failed, if it does.
    fn gambeson_failed(&self) -> Option<Failed<'a>>;
}

impl<'a, T> ByOutcome<'a> for &&&&&&&Probe<'a, Outcome<T>> {
    fn gambeson_failed(&self) -> Option<Failed<'a>> {
        self.0
            .skip()
            .map(|skip| Failed::new::<Skip>(skip.reason(), Said::Error(skip)))
    }
}

/// An error that classifies itself.
pub trait ByClassify<'a> {
    /// How the value says that the call failed, if it does.
    fn gambeson_failed(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E: Classify> ByClassify<'a> for &&&&&&&Probe<'a, Result<T, E>> {
    fn gambeson_failed(&self) -> Option<Failed<'a>> {
        self.0
            .as_ref()
            .err()
            .map(|error| Failed::new::<E>(classify::reason_of(error), Said::Error(error)))
    }
}

/// An error whose type and sources may be known.
pub trait ByError<'a> {
    /// How the value says that the call failed, if it does.
    fn gambeson_failed(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E: Error + 'static> ByError<'a> for &&&&&&Probe<'a, Result<T, E>> {
    fn gambeson_failed(&self) -> Option<Failed<'a>> {
        self.0.as_ref().err().map(|error| Failed::of::<E>(error))
    }
}

/// An error in a box, or in a type that is one in all but name.
pub trait ByBoxed<'a> {
    /// How the value says that the call failed, if it does.
    fn gambeson_failed(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E: AsRef<dyn Error + Send + Sync + 'static>> ByBoxed<'a>
    for &&&&&Probe<'a, Result<T, E>>
{
    fn gambeson_failed(&self) -> Option<Failed<'a>> {
        self.0
            .as_ref()
            .err()
            .map(|error| Failed::of::<E>(error.as_ref()))
    }
}

/// As [`ByBoxed`], for errors that stay on their thread.
pub trait ByLocalBoxed<'a> {
    /// How the value says that the call failed, if it does.
    fn gambeson_failed(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E: AsRef<dyn Error + 'static>> ByLocalBoxed<'a> for &&&&Probe<'a, Result<T, E>> {
    fn gambeson_failed(&self) -> Option<Failed<'a>> {
        self.0
            .as_ref()
            .err()
            .map(|error| Failed::of::<E>(error.as_ref()))
    }
}

/// An error that is only a text.
pub trait ByDisplay<'a> {
    /// How the value says that the call failed, if it does.
    fn gambeson_failed(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E: fmt::Display> ByDisplay<'a> for &&&Probe<'a, Result<T, E>> {
    fn gambeson_failed(&self) -> Option<Failed<'a>> {
        let unknown = |error: &'a E| Failed::new::<E>(SkipReason::Unexpected, Said::Display(error));
        self.0.as_ref().err().map(unknown)
    }
}

/// An error that can only be shown.
pub trait ByDebug<'a> {
    /// How the value says that the call failed, if it does.
    fn gambeson_failed(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E: fmt::Debug> ByDebug<'a> for &&Probe<'a, Result<T, E>> {
    fn gambeson_failed(&self) -> Option<Failed<'a>> {
        self.0
            .as_ref()
            .err()
            .map(|error| Failed::new::<E>(SkipReason::Unexpected, Said::Debug(error)))
    }
}

/// An error of which nothing is known but its type.
pub trait ByTypeName<'a> {
    /// How the value says that the call failed, if it does.
    fn gambeson_failed(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E> ByTypeName<'a> for &Probe<'a, Result<T, E>> {
    fn gambeson_failed(&self) -> Option<Failed<'a>> {
        let unknown = || {
            Failed::new::<E>(
                SkipReason::Unexpected,
                Said::Type(std::any::type_name::<E>()),
            )
        };
        self.0.as_ref().err().map(|_| unknown())
    }
}

/// Any other value says nothing of a failure.
pub trait ByPresence<'a> {
    /// How the value says that the call failed, if it does.
    fn gambeson_failed(&self) -> Option<Failed<'a>>;
}

impl<'a, T> ByPresence<'a> for Probe<'a, T> {
    fn gambeson_failed(&self) -> Option<Failed<'a>> {
        None
    }
}

/// A source that classifies itself.
pub trait ReasonByClassify {
    /// The reason, where there is one.
    fn gambeson_reason(&self) -> Option<SkipReason>;
}

impl<E: Classify> ReasonByClassify for &&&ErrorProbe<'_, E> {
    fn gambeson_reason(&self) -> Option<SkipReason> {
        self.0
            .classify()
            .or_else(|| self.0.source().and_then(classify::known_error))
    }
}

/// A source whose type and sources may be known.
pub trait ReasonByError {
    /// The reason, where there is one.
    fn gambeson_reason(&self) -> Option<SkipReason>;
}

impl<E: Error + 'static> ReasonByError for &&ErrorProbe<'_, E> {
    fn gambeson_reason(&self) -> Option<SkipReason> {
        classify::known_error(self.0)
    }
}

/// A source in a box.
pub trait ReasonByBoxed {
    /// The reason, where there is one.
    fn gambeson_reason(&self) -> Option<SkipReason>;
}

impl<E: AsRef<dyn Error + Send + Sync + 'static>> ReasonByBoxed for &ErrorProbe<'_, E> {
    fn gambeson_reason(&self) -> Option<SkipReason> {
        classify::known_error(self.0.as_ref())
    }
}

/// A source that says nothing.
pub trait ReasonByType {
    /// The reason, where there is one.
    fn gambeson_reason(&self) -> Option<SkipReason>;
}

impl<E: ?Sized> ReasonByType for ErrorProbe<'_, E> {
    fn gambeson_reason(&self) -> Option<SkipReason> {
        None
    }
}

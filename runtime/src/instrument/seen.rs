//! What a call's value says: whether it failed, and what `err` and `ret` show of it.

use std::fmt::{Debug, Display};

use crate::verdict::Failed;

/// What there is to know of a returned value.
pub struct Seen<'a> {
    pub(super) failed: Option<Failed<'a>>,
    /// The value, for the debug log.
    pub(super) logged: Option<&'a dyn Debug>,
    pub(super) error: Option<Shown<'a>>,
    pub(super) value: Option<Shown<'a>>,
}

impl Debug for Seen<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seen")
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

/// A value, in the format that was asked for.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    Display(&'a dyn Display),
    Debug(&'a dyn Debug),
}

impl Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Shown::Display(_) => "Display",
            Shown::Debug(_) => "Debug",
        })
    }
}

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Shown::Display(value) => value.fmt(f),
            Shown::Debug(value) => value.fmt(f),
        }
    }
}

/// A value of which no option asks for anything.
#[inline]
pub fn seen<'a>(failed: Option<Failed<'a>>, logged: Option<&'a dyn Debug>) -> Seen<'a> {
    Seen {
        failed,
        logged,
        error: None,
        value: None,
    }
}

/// No value to look at.
#[inline]
pub fn seen_nothing((): &()) -> Seen<'_> {
    seen(None, None)
}

/// A type whose values may say that a call failed: what `err` records.
#[diagnostic::on_unimplemented(
    message = "`err` has nothing to record of `{Self}`",
    label = "neither a `Result` nor an `Option`",
    note = "`err` records the `Err` of a `Result`, or the `None` of an `Option`"
)]
pub trait Fallible {
    /// What there is to record.
    type Error;

    /// The error, if this is one.
    fn error(&self) -> Option<&Self::Error>;
}

impl<T, E> Fallible for Result<T, E> {
    type Error = E;

    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

impl<T> Fallible for Option<T> {
    type Error = &'static str;

    fn error(&self) -> Option<&&'static str> {
        if self.is_none() { Some(&"None") } else { None }
    }
}

impl<'a> Seen<'a> {
    /// `err`, or `err(Display)`.
    pub fn err_display<T: Fallible<Error: Display>>(mut self, value: &'a T) -> Self {
        self.error = value.error().map(|error| Shown::Display(error));
        self.failing(value)
    }

    /// `err(Debug)`.
    pub fn err_debug<T: Fallible<Error: Debug>>(mut self, value: &'a T) -> Self {
        self.error = value.error().map(|error| Shown::Debug(error));
        self.failing(value)
    }

    /// `ret`, or `ret(Debug)`.
    pub fn ret_debug<T: Debug>(mut self, value: Option<&'a T>) -> Self {
        self.value = value.map(|value| Shown::Debug(value));
        self
    }

    /// `ret(Display)`.
    pub fn ret_display<T: Display>(mut self, value: Option<&'a T>) -> Self {
        self.value = value.map(|value| Shown::Display(value));
        self
    }

    /// With `err`, a `None` is a failure too.
    fn failing<T: Fallible>(mut self, value: &'a T) -> Self {
        if self.failed.is_none() && value.error().is_some() {
            self.failed = Some(Failed::nothing());
        }
        self
    }
}

/// A returned value, to be asked with `(&&Returned(&value)).gambeson_ok()`.
#[derive(Debug)]
pub struct Returned<'a, T: ?Sized>(pub &'a T);

/// A result that may be an error.
pub trait ReturnedByResult<'a> {
    /// What there is to record of it.
    type Ok;

    /// The value in `Ok`.
    fn gambeson_ok(&self) -> Option<&'a Self::Ok>;
}

impl<'a, T, E> ReturnedByResult<'a> for &Returned<'a, Result<T, E>> {
    type Ok = T;

    fn gambeson_ok(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

/// Any other value.
pub trait ReturnedWhole<'a> {
    /// What there is to record of it.
    type Ok: ?Sized;

    /// The value.
    fn gambeson_ok(&self) -> Option<&'a Self::Ok>;
}

impl<'a, T: ?Sized> ReturnedWhole<'a> for Returned<'a, T> {
    type Ok = T;

    fn gambeson_ok(&self) -> Option<&'a T> {
        Some(self.0)
    }
}

/// A returned value that can be shown; to be asked with `(&Returned(&value)).gambeson_shown()`.
pub trait ReturnedShown<'a> {
    /// The value.
    fn gambeson_shown(&self) -> Option<&'a dyn Debug>;
}

impl<'a, T: Debug> ReturnedShown<'a> for Returned<'a, T> {
    fn gambeson_shown(&self) -> Option<&'a dyn Debug> {
        Some(self.0)
    }
}

/// Any other value.
pub trait ReturnedHidden<'a> {
    /// Nothing.
    fn gambeson_shown(&self) -> Option<&'a dyn Debug>;
}

impl<'a, T: ?Sized> ReturnedHidden<'a> for &Returned<'a, T> {
    fn gambeson_shown(&self) -> Option<&'a dyn Debug> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(
        clippy::needless_borrow,
        reason = "one form is generated for every type"
    )]
    fn only_the_ok_of_a_result_is_recorded() {
        type Answer = Result<u8, &'static str>;
        assert_eq!((&&Returned(&Answer::Ok(1))).gambeson_ok(), Some(&1));
        assert_eq!((&&Returned(&Answer::Err("no"))).gambeson_ok(), None);
        assert_eq!((&&Returned(&Some(2))).gambeson_ok(), Some(&Some(2)));
    }
}

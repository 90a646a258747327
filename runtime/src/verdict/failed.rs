//! How a returned value says that its call failed: a reason, and what there is to read of it.

use std::{
    any::type_name,
    error::Error,
    fmt::{self, Debug, Display},
};

use crate::{
    classify,
    contain::{self, Showing},
    reason::SkipReason,
};

/// The failure that a returned value speaks of. Its text is made only when it is asked for.
#[derive(Debug)]
pub struct Failed<'a> {
    /// Of [`Said::Unknown`], nothing yet.
    reason: SkipReason,
    said: Said<'a>,
    error_type: &'static str,
}

/// What can be read of a failure.
pub(super) enum Said<'a> {
    Error(&'a (dyn Error + 'a)),
    /// An error that only what it says may tell from others.
    Unknown(&'a (dyn Error + 'static)),
    Display(&'a (dyn Display + 'a)),
    Debug(&'a (dyn Debug + 'a)),
    Type(&'static str),
}

impl<'a> Failed<'a> {
    pub(super) fn new<E: ?Sized>(reason: SkipReason, said: Said<'a>) -> Self {
        Failed {
            reason,
            said,
            error_type: type_name::<E>(),
        }
    }

    /// A value that is missing.
    pub(crate) fn nothing() -> Self {
        Failed {
            reason: SkipReason::Unexpected,
            said: Said::Type("None"),
            error_type: "None",
        }
    }

    /// An error of any type, with the reason that its type and sources give.
    pub(super) fn of<E: ?Sized>(error: &'a (dyn Error + 'static)) -> Self {
        match classify::known_error(error) {
            Some(reason) => Failed::new::<E>(reason, Said::Error(error)),
            None => Failed::new::<E>(SkipReason::Unexpected, Said::Unknown(error)),
        }
    }

    /// Whether only what it says may tell why the call failed.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self.said, Said::Unknown(_))
    }

    /// Why the call failed.
    pub(crate) fn reason(&self) -> SkipReason {
        match self.said {
            Said::Unknown(error) => {
                let said = contain::attempt(|| classify::said_reason(error));
                said.unwrap_or(SkipReason::Unexpected)
            }
            _ => self.reason,
        }
    }

    /// Why the call failed, and the [text](Failed::text): an error is asked once for what it says.
    pub(crate) fn read(&self, capacity: usize) -> (SkipReason, String) {
        match self.said {
            Said::Unknown(error) => {
                let (reason, said) = classify::read(error, capacity);
                (reason, said.text)
            }
            _ => (self.reason, self.text(capacity)),
        }
    }

    /// The type of the error, as it is written.
    pub(crate) fn error_type(&self) -> &'static str {
        self.error_type
    }

    /// The error and its sources, escaped, in at most `capacity` bytes.
    pub(crate) fn text(&self, capacity: usize) -> String {
        match self.said {
            Said::Error(error) | Said::Unknown(error) => contain::chain_text(error, capacity).text,
            Said::Display(value) => contain::display(value, capacity).text,
            Said::Debug(value) => {
                contain::format(Showing::Message, format_args!("{value:?}"), capacity).text
            }
            Said::Type(name) => name.to_owned(),
        }
    }
}

impl Debug for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Said::Error(_) | Said::Unknown(_) => "Error",
            Said::Display(_) => "Display",
            Said::Debug(_) => "Debug",
            Said::Type(name) => name,
        })
    }
}

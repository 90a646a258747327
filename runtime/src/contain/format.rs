//! Formatting of values that are not ours: under guard, bounded, escaped.

use std::{
    error::Error,
    fmt::{self, Write},
    iter::successors,
    ops::ControlFlow,
};

use super::{
    Text, attempt,
    writing::{Showing, write_guarded},
};
use crate::escape::{self, Bounded, Escaped};

/// How far a chain of sources is followed; a chain may be a cycle.
pub(crate) const CHAIN_LIMIT: usize = 32;

/// How many errors of a chain are shown.
const SHOWN: usize = 9;

/// As much as is compared of what an error says, in bytes.
pub(crate) const START: usize = 64;

/// How an error begins, as it is: to be compared, not to be shown.
pub(crate) type Start = Text<START>;

/// What a message's `Display` writes; a marker where it panics.
pub(crate) fn display(value: &(impl fmt::Display + ?Sized), capacity: usize) -> Escaped {
    format(Showing::Message, format_args!("{value}"), capacity)
}

/// What the arguments write, escaped as it comes, so that a huge value costs no more than
/// `capacity`; a marker if the formatting panics.
pub(crate) fn format(showing: Showing, arguments: fmt::Arguments<'_>, capacity: usize) -> Escaped {
    let mut kept = Bounded::new(capacity);
    match write_guarded(showing, &mut kept, |to| to.write_fmt(arguments)) {
        Ok(()) => kept.finish(),
        Err(marker) => escape::bounded(marker, capacity.max(marker.len())),
    }
}

/// How what an error says begins; empty if it panics.
pub(crate) fn start_of(error: &(impl Error + ?Sized)) -> Start {
    let mut start = Text::EMPTY;
    match write_guarded(Showing::Message, &mut start, |to| write!(to, "{error}")) {
        Ok(()) => start,
        Err(_) => Text::EMPTY,
    }
}

/// What the error and its sources say, from the outside in.
pub(crate) fn chain_text(error: &dyn Error, capacity: usize) -> Escaped {
    chain(error, capacity, |_| ControlFlow::Break(()))
}

/// The error and its sources, from the outside in. Each is asked once for what it says; how that
/// begins is shown to `look`, until that has seen enough.
pub(crate) fn chain(
    error: &dyn Error,
    capacity: usize,
    mut look: impl FnMut(&Start) -> ControlFlow<()>,
) -> Escaped {
    let mut text = Bounded::new(capacity);
    let mut looks = true;
    attempt(|| {
        let causes = successors(Some(error), |&error| error.source()).take(CHAIN_LIMIT);
        for (index, cause) in causes.enumerate() {
            if index >= SHOWN && !looks {
                break;
            }
            let start = link(cause, index, &mut text);
            looks = looks && look(&start).is_continue();
        }
    });
    text.finish()
}

/// One error of a chain; how it begins.
fn link(cause: &dyn Error, index: usize, text: &mut Bounded) -> Start {
    let is_shown = index < SHOWN;
    if is_shown && index > 0 {
        let _ = text.write_str(": ");
    }
    let before = text.length();
    let mut read = Read {
        start: Text::EMPTY,
        text: is_shown.then_some(&mut *text),
    };
    let written = write_guarded(Showing::Message, &mut read, |to| write!(to, "{cause}"));
    let start = read.start;
    match written {
        Ok(()) => start,
        Err(marker) if is_shown => {
            text.go_back(before);
            let _ = text.write_str(marker);
            Text::EMPTY
        }
        Err(_) => Text::EMPTY,
    }
}

/// What an error says, once for whoever compares and once for whoever reads.
struct Read<'a> {
    start: Start,
    text: Option<&'a mut Bounded>,
}

impl Write for Read<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let begun = self.start.write_str(text);
        match &mut self.text {
            Some(shown) => begun.or(shown.write_str(text)),
            None => begun,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contain::PANICKED;

    #[test]
    fn a_panicking_display_becomes_a_marker() {
        struct Hostile;
        impl fmt::Display for Hostile {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("half ")?;
                panic!("in Display");
            }
        }
        assert_eq!(display(&Hostile, 100).text, PANICKED);
    }

    #[test]
    fn a_value_that_never_ends_is_cut() {
        struct Endless;
        impl fmt::Display for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("x")?;
                }
            }
        }
        let escaped = display(&Endless, 10);
        assert_eq!(
            escaped,
            Escaped {
                text: "xxxxxxxxxx".into(),
                truncated: true
            }
        );
    }
}

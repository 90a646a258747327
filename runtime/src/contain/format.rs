//! Formatting of values that are not ours: under guard, bounded, escaped.

use std::{
    error::Error,
    fmt::{self, Write},
};

use super::{Text, attempt};
use crate::escape::{self, Bounded, Escaped};

/// What stands for a value whose `Debug` or `Display` panicked.
pub(crate) const PANICKED: &str = "<formatting panicked>";

/// What `Display` writes; a marker if it panics.
pub(crate) fn display(value: &(impl fmt::Display + ?Sized), capacity: usize) -> Escaped {
    format(format_args!("{value}"), capacity)
}

/// How what `Display` writes begins, as it is: to be compared, not to be shown. Empty if it panics.
pub(crate) fn start_of<const N: usize>(value: &(impl fmt::Display + ?Sized)) -> Text<N> {
    let start = attempt(|| {
        let mut start = Text::EMPTY;
        let _ = write!(start, "{value}");
        start
    });
    start.unwrap_or(Text::EMPTY)
}

/// What the arguments write, escaped as it comes, so that a huge value costs no more than
/// `capacity`; a marker if the formatting panics.
pub(crate) fn format(arguments: fmt::Arguments<'_>, capacity: usize) -> Escaped {
    attempt(|| {
        let mut writer = Bounded::new(capacity);
        let _ = writer.write_fmt(arguments);
        writer.finish()
    })
    .unwrap_or_else(|| escape::bounded(PANICKED, capacity.max(PANICKED.len())))
}

/// How many sources of an error are told.
const SOURCES: usize = 8;

/// The error and its sources, from the outside in.
pub(crate) fn chain(error: &dyn Error, capacity: usize) -> String {
    attempt(|| {
        let mut text = Bounded::new(capacity);
        let _ = write!(text, "{error}");
        let sources = std::iter::successors(error.source(), |&error| error.source());
        for source in sources.take(SOURCES) {
            let _ = write!(text, ": {source}");
        }
        text.finish().text
    })
    .unwrap_or_else(|| PANICKED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

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

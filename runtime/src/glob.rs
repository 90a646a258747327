//! The one way in which patterns match names made of segments.

use std::fmt;

/// Why a text is not a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GlobError {
    /// The text is empty.
    #[error("the pattern is empty")]
    Empty,
    /// A separator stands at an end, or two stand side by side.
    #[error("a segment is empty; remove the `{separator}` too many")]
    EmptySegment {
        /// What stands between segments.
        separator: &'static str,
    },
    /// A `*` stands beside other text in its segment.
    #[error("a `*` stands for one whole segment; it cannot be a part of one")]
    PartOfSegment,
    /// A `**` is not the last segment.
    #[error("`**` stands for the rest; it can only be the last segment")]
    RestNotLast,
}

/// Whether `pattern` can be given to [`matches`].
pub(crate) fn check(pattern: &str, separator: &'static str) -> Result<(), GlobError> {
    if pattern.is_empty() {
        return Err(GlobError::Empty);
    }
    let mut segments = pattern.split(separator).peekable();
    while let Some(segment) = segments.next() {
        match segment {
            "" => return Err(GlobError::EmptySegment { separator }),
            "**" if segments.peek().is_some() => return Err(GlobError::RestNotLast),
            "*" | "**" => {}
            text if text.contains('*') => return Err(GlobError::PartOfSegment),
            _ => {}
        }
    }
    Ok(())
}

/// Whether `name` matches `pattern`, segment by segment: `*` is any one segment, `**` at the end
/// is one or more, and any other has to be the `same`. The pattern has passed [`check`].
pub(crate) fn matches(
    pattern: &str,
    separator: &str,
    name: &str,
    same: impl Fn(&str, &str) -> bool,
) -> bool {
    let mut segments = pattern.split(separator);
    let mut names = name.split(separator);
    loop {
        match (segments.next(), names.next()) {
            (None, None) | (Some("**"), Some(_)) => return true,
            (Some("*"), Some(_)) => {}
            (Some(segment), Some(name)) if same(segment, name) => {}
            _ => return false,
        }
    }
}

/// A checked pattern that, without a wildcard, also matches the last segments of a name.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Glob {
    text: Box<str>,
    separator: &'static str,
    wild: bool,
}

impl Glob {
    pub(super) fn parse(text: &str, separator: &'static str) -> Result<Self, GlobError> {
        check(text, separator)?;
        Ok(Self {
            text: text.into(),
            separator,
            wild: text.contains('*'),
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_wild(&self) -> bool {
        self.wild
    }

    pub(super) fn matches(&self, name: &str, same: impl Fn(&str, &str) -> bool) -> bool {
        if self.wild {
            return matches(&self.text, self.separator, name, same);
        }
        let mut names = name.rsplit(self.separator);
        self.text
            .rsplit(self.separator)
            .all(|segment| names.next().is_some_and(|name| same(segment, name)))
    }
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

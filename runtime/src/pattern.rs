//! Event patterns: exact, `a.*` (one segment), `a.**` (the rest).

use std::{borrow::Cow, fmt};

use crate::glob;

/// A dotted pattern of event names.
///
/// `*` stands for exactly one segment and `**`, which must be last, for one or more. Every
/// other segment is itself. A pattern that can never match is refused: in a `const` or in an
/// attribute at compile time.
///
/// ```
/// use gambeson::Pattern;
/// const ORDERS: Pattern = Pattern::new("shop.order.*");
/// assert!(ORDERS.matches("shop.order.stop"));
/// assert!(!ORDERS.matches("shop.order.item.stop"));
/// assert!(Pattern::new("shop.**").matches("shop.order.item.stop"));
/// ```
///
/// ```compile_fail
/// const NEVER: gambeson::Pattern = gambeson::Pattern::new("shop.**.stop");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern(Cow<'static, str>);

/// A pattern in an attribute: checked at compile time, and without a destructor, so that it can
/// stand in a static.
#[derive(Clone, Copy, Debug)]
pub struct PatternLiteral(&'static str);

/// Why a text is no pattern, or no event name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PatternError {
    /// The text is empty.
    Empty,
    /// Two dots in a row, or one at an end.
    EmptySegment,
    /// `**` stands before the last segment.
    RestNotLast,
    /// `*` is only part of a segment.
    PartialWildcard,
    /// A wildcard in the name of an event.
    WildcardInName,
    /// A character that no event name has.
    Character,
}

impl PatternError {
    /// What is wrong and what to write instead.
    pub const fn message(self) -> &'static str {
        match self {
            PatternError::Empty => "an event name or pattern cannot be empty",
            PatternError::EmptySegment => {
                "a segment is empty: write one dot between segments and none at the ends"
            }
            PatternError::RestNotLast => {
                "`**` stands for the rest of a name, so this can never match: it may only be the last segment"
            }
            PatternError::PartialWildcard => {
                "`*` stands for a whole segment, so this can never match: write `a.*`, not `a.b*`"
            }
            PatternError::WildcardInName => "an emitted event has a full name, without `*`",
            PatternError::Character => {
                "event names are made of ASCII letters, digits, `_`, `-` and dots"
            }
        }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// The pattern of a literal.
    ///
    /// # Panics
    ///
    /// If it can never match; in a `const` or `static` that is a compile error.
    #[track_caller]
    pub const fn new(text: &'static str) -> Self {
        Pattern(Cow::Borrowed(PatternLiteral::new(text).0))
    }

    /// The pattern of a text known at run time.
    ///
    /// # Errors
    ///
    /// If it can never match.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        check(text, true)?;
        Ok(Pattern(Cow::Owned(text.to_owned())))
    }

    /// Whether an event of this name is meant.
    pub fn matches(&self, name: &str) -> bool {
        *self.0 == *name
            || self.0.contains('*')
                && glob::matches(&self.0, ".", name, |wanted, segment| wanted == segment)
    }

    /// What every name that it matches begins with.
    pub(crate) fn literal_prefix(&self) -> &str {
        self.0.split('*').next().unwrap_or_default()
    }

    /// The text it was made of.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PatternLiteral {
    /// The pattern of a literal.
    ///
    /// # Panics
    ///
    /// If it can never match; in generated code, at compile time.
    #[track_caller]
    pub const fn new(text: &'static str) -> Self {
        match check(text, true) {
            Ok(()) => PatternLiteral(text),
            Err(error) => panic!("{}", error.message()),
        }
    }
}

impl From<PatternLiteral> for Pattern {
    fn from(literal: PatternLiteral) -> Self {
        Pattern(Cow::Borrowed(literal.0))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether `text` is the full name of an event.
pub(crate) const fn check_name(text: &str) -> Result<(), PatternError> {
    check(text, false)
}

/// Whether a segment of a name may have this byte.
pub(crate) const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Walks the segments of `text` as bytes, for use in constants.
const fn check(text: &str, wildcards: bool) -> Result<(), PatternError> {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return Err(PatternError::Empty);
    }
    let mut start = 0;
    while start <= bytes.len() {
        let mut end = start;
        let mut asterisks = 0;
        while end < bytes.len() && bytes[end] != b'.' {
            match bytes[end] {
                b'*' if wildcards => asterisks += 1,
                b'*' => return Err(PatternError::WildcardInName),
                byte if is_name_byte(byte) => {}
                _ => return Err(PatternError::Character),
            }
            end += 1;
        }
        let length = end - start;
        if length == 0 {
            return Err(PatternError::EmptySegment);
        }
        if asterisks > 0 && (asterisks != length || asterisks > 2) {
            return Err(PatternError::PartialWildcard);
        }
        if asterisks == 2 && end < bytes.len() {
            return Err(PatternError::RestNotLast);
        }
        start = end + 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching() {
        let table = [
            ("a.b", "a.b", true),
            ("a.b", "a.b.c", false),
            ("a.b", "a", false),
            ("a.*", "a.b", true),
            ("a.*", "a", false),
            ("a.*", "a.b.c", false),
            ("a.*.c", "a.b.c", true),
            ("*.b", "a.b", true),
            ("a.**", "a.b", true),
            ("a.**", "a.b.c", true),
            ("a.**", "a", false),
            ("**", "a", true),
            ("*", "a.b", false),
        ];
        for (pattern, name, expected) in table {
            assert_eq!(
                Pattern::new(pattern).matches(name),
                expected,
                "{pattern} on {name}"
            );
        }
    }

    #[test]
    fn what_can_never_match_is_refused() {
        let table = [
            ("", PatternError::Empty),
            ("a..b", PatternError::EmptySegment),
            (".a", PatternError::EmptySegment),
            ("a.", PatternError::EmptySegment),
            ("a.**.b", PatternError::RestNotLast),
            ("a.b*", PatternError::PartialWildcard),
            ("a.***", PatternError::PartialWildcard),
            ("a b", PatternError::Character),
            ("a::b", PatternError::Character),
        ];
        for (text, error) in table {
            assert_eq!(Pattern::parse(text), Err(error), "{text:?}");
        }
        let told = PatternError::RestNotLast.to_string();
        assert!(told.ends_with("it may only be the last segment"), "{told}");
        assert_eq!(check_name("a.*"), Err(PatternError::WildcardInName));
        assert_eq!(check_name("a.b-c_9"), Ok(()));
    }

    #[test]
    fn a_pattern_is_shown_as_it_was_written() {
        for text in ["shop.order.stop", "shop.*", "*.stop", "shop.*.stop"] {
            let pattern = Pattern::parse(text).expect("a pattern");
            assert_eq!(pattern.as_str(), text);
            assert_eq!(pattern.to_string(), text);
        }
    }

    #[test]
    fn every_name_that_fits_begins_with_the_prefix() {
        let prefixes = [
            ("shop.order.stop", "shop.order.stop"),
            ("shop.*.stop", "shop."),
            ("*", ""),
        ];
        for (text, prefix) in prefixes {
            let pattern = Pattern::parse(text).expect("a pattern");
            assert_eq!(pattern.literal_prefix(), prefix);
        }
    }
}

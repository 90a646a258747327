//! The patterns that a configuration holds: of handler names, and of keys to redact.

use std::fmt;
use std::str::FromStr;

use crate::glob::{Glob, GlobError};

const PATH: &str = "::";

/// A pattern of handler names: `shop::billing::record_sale`, `shop::billing::*` (one segment) or
/// `shop::**` (one or more segments).
///
/// Without a wildcard it also matches a handler by the last segments of its name, so that
/// `record_sale` is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern(Glob);

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// When a segment is empty, or a wildcard is not a whole segment or, for `**`, not the last.
    pub fn parse(text: &str) -> Result<Self, GlobError> {
        Glob::parse(text, PATH).map(Self)
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        self.0.text()
    }

    /// Whether the handler with this full name is meant. Allocates nothing.
    pub fn matches(&self, name: &str) -> bool {
        self.0.matches(name, |segment, name| segment == name)
    }

    /// Whether the pattern is meant for one handler only.
    pub(super) fn names_one(&self) -> bool {
        !self.0.is_wild()
    }

    /// The pattern of this one's shape that matches `name`, if there is one: its wildcards stay,
    /// and a name written short is as many of the last segments.
    pub(super) fn reshaped(&self, name: &str) -> Option<String> {
        let segments: Vec<&str> = self.as_str().split(PATH).collect();
        let names: Vec<&str> = name.split(PATH).collect();
        let surplus = names.len().checked_sub(segments.len())?;
        if self.names_one() {
            return Some(names[surplus..].join(PATH));
        }
        if surplus > 0 && segments.last() != Some(&"**") {
            return None;
        }
        let pairs = segments.iter().zip(&names);
        let kept: Vec<&str> = pairs
            .map(|(segment, name)| {
                if segment.contains('*') {
                    *segment
                } else {
                    *name
                }
            })
            .collect();
        Some(kept.join(PATH))
    }
}

/// A pattern of keys whose values diagnostics show redacted. ASCII case is not looked at.
///
/// `card` is that key, also as the last segment of a dotted one (`payment.card`); `*.password` is
/// `password` below exactly one segment; `card.**` is everything below `card`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPattern(Glob);

impl KeyPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// When a segment is empty, or a wildcard is not a whole segment or, for `**`, not the last.
    pub fn parse(text: &str) -> Result<Self, GlobError> {
        Glob::parse(text, ".").map(Self)
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        self.0.text()
    }

    /// Whether the value of this key is to be redacted. Allocates nothing.
    pub fn matches(&self, key: &str) -> bool {
        self.0.matches(key, str::eq_ignore_ascii_case)
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for KeyPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for NamePattern {
    type Err = GlobError;

    fn from_str(text: &str) -> Result<Self, GlobError> {
        Self::parse(text)
    }
}

impl FromStr for KeyPattern {
    type Err = GlobError;

    fn from_str(text: &str) -> Result<Self, GlobError> {
        Self::parse(text)
    }
}

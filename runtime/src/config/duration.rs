//! Durations as they are written in the file, in the environment and in attributes.

use std::fmt;
use std::time::Duration;

/// A century. Added to any instant it cannot overflow, so no deadline ever has to be checked.
const LONGEST_NANOS: u128 = 100 * 365 * 24 * 3_600 * 1_000_000_000;

/// So many digits times the longest unit still fit a `u128`.
const MOST_DIGITS: u32 = 24;

/// Why a text is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DurationError {
    /// The text does not begin with a number, or the number is malformed.
    NotANumber,
    /// The number has no unit.
    MissingUnit,
    /// What follows the number is not a unit.
    UnknownUnit,
    /// The duration is longer than a hundred years, or has more digits than that needs.
    TooLong,
    /// The duration is not a whole number of nanoseconds.
    TooFine,
}

/// Reads a duration: a decimal number and, without a space, its unit `ns`, `us`, `ms`, `s`, `m`
/// or `h`, as in `"5ms"`, `"1.5s"` or `"2h"`.
///
/// It is the one parser of durations, and constant, so that an attribute's duration is refused
/// when the program is compiled.
///
/// # Errors
///
/// When the text is anything else, is longer than a century, or is finer than a nanosecond.
pub(crate) const fn parse(text: &str) -> Result<Duration, DurationError> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let (mut number, mut scale, mut digits) = (0_u128, 1_u128, 0_u32);
    let mut in_fraction = false;
    while at < bytes.len() {
        match bytes[at] {
            digit @ b'0'..=b'9' => {
                number = number * 10 + (digit - b'0') as u128;
                digits += 1;
                if digits > MOST_DIGITS {
                    return Err(DurationError::TooLong);
                }
                if in_fraction {
                    scale *= 10;
                }
            }
            b'.' if digits > 0 && !in_fraction => in_fraction = true,
            _ => break,
        }
        at += 1;
    }
    if digits == 0 || bytes[at - 1] == b'.' {
        return Err(DurationError::NotANumber);
    }
    let nanos = match unit(bytes.split_at(at).1) {
        Ok(unit) => number * unit,
        Err(error) => return Err(error),
    };
    if nanos % scale != 0 {
        return Err(DurationError::TooFine);
    }
    from_nanos(nanos / scale)
}

/// The nanoseconds of one unit.
const fn unit(text: &[u8]) -> Result<u128, DurationError> {
    match text {
        b"ns" => Ok(1),
        b"us" => Ok(1_000),
        b"ms" => Ok(1_000_000),
        b"s" => Ok(1_000_000_000),
        b"m" => Ok(60 * 1_000_000_000),
        b"h" => Ok(3_600 * 1_000_000_000),
        b"" => Err(DurationError::MissingUnit),
        _ => Err(DurationError::UnknownUnit),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a century of nanoseconds fits a u64"
)]
const fn from_nanos(nanos: u128) -> Result<Duration, DurationError> {
    if nanos > LONGEST_NANOS {
        return Err(DurationError::TooLong);
    }
    Ok(Duration::from_nanos(nanos as u64))
}

/// The duration of a literal.
///
/// # Panics
///
/// If it is none; in generated code, at compile time.
#[track_caller]
pub const fn of_literal(text: &'static str) -> Duration {
    match parse(text) {
        Ok(duration) => duration,
        Err(error) => panic!("{}", error.message()),
    }
}

impl DurationError {
    /// What is wrong and how to write it, also for a panic in a constant.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NotANumber => "it does not begin with a number",
            Self::MissingUnit => "the unit is missing (ns, us, ms, s, m or h)",
            Self::UnknownUnit => "the unit is none of ns, us, ms, s, m or h",
            Self::TooLong => "it is longer than 876000h",
            Self::TooFine => "it is finer than a nanosecond",
        }
    }
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for DurationError {}

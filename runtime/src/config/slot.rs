//! The kinds of values that a key can have, each read from the file and from the environment.

use std::time::Duration;

use toml::de::DeValue;

use super::{KeyPattern, NamePattern, duration};
use crate::pattern::Pattern;

/// Where the value of a key goes.
pub(super) enum Slot<'a> {
    Switch(&'a mut bool),
    Count {
        into: &'a mut u32,
        least: u32,
    },
    Bytes(&'a mut usize),
    Time {
        into: &'a mut Duration,
        least: Duration,
    },
    Share(&'a mut f64),
    Keys(&'a mut Vec<KeyPattern>),
    Handler(&'a mut Option<NamePattern>),
    Event(&'a mut Option<Pattern>),
}

/// A value as the file or an environment variable gives it.
#[derive(Clone, Copy)]
pub(super) enum Given<'a> {
    File(&'a DeValue<'a>),
    Variable(&'a str),
}

impl Slot<'_> {
    /// Takes the value, or says what it must be.
    pub(super) fn assign(self, given: Given<'_>) -> Result<(), String> {
        match self {
            Self::Switch(into) => {
                *into = given
                    .switch()
                    .ok_or_else(|| given.refused("`true` or `false`"))?;
            }
            Self::Count { into, least } => {
                let count = given.number().filter(|count| *count >= least);
                *into = count.ok_or_else(|| {
                    given.refused(&format!("a whole number from {least} to {}", u32::MAX))
                })?;
            }
            Self::Bytes(into) => {
                *into = given
                    .number()
                    .ok_or_else(|| given.refused("a whole number of bytes"))?;
            }
            Self::Time { into, least } => *into = time(given, least)?,
            Self::Share(into) => {
                let share = given.share().filter(|share| (0.0..=1.0).contains(share));
                *into = share.ok_or_else(|| given.refused("a number from 0.0 to 1.0"))?;
            }
            Self::Keys(into) => *into = keys(given)?,
            Self::Handler(into) => {
                *into = Some(pattern(
                    given,
                    "a pattern of handler names",
                    NamePattern::parse,
                )?);
            }
            Self::Event(into) => {
                *into = Some(pattern(given, "a pattern of event names", Pattern::parse)?);
            }
        }
        Ok(())
    }
}

fn time(given: Given<'_>, least: Duration) -> Result<Duration, String> {
    let expected = match given {
        Given::File(_) => "a duration in quotes, such as \"5s\" or \"250ms\"",
        Given::Variable(_) => "a duration, such as 5s or 250ms",
    };
    let text = given.text().ok_or_else(|| given.refused(expected))?;
    let read = duration::parse(text).map_err(|error| format!("must be {expected}: {error}"))?;
    if read < least {
        return Err("must be longer than zero".to_owned());
    }
    Ok(read)
}

fn keys(given: Given<'_>) -> Result<Vec<KeyPattern>, String> {
    let expected = match given {
        Given::File(_) => "a list of key patterns, such as [\"card\", \"*.password\"]",
        Given::Variable(_) => "key patterns with commas between them, such as card,*.password",
    };
    let texts = given.texts().ok_or_else(|| given.refused(expected))?;
    let read: Result<_, _> = texts.into_iter().map(KeyPattern::parse).collect();
    read.map_err(|error| format!("must be {expected}: {error}"))
}

fn pattern<T, E: std::fmt::Display>(
    given: Given<'_>,
    expected: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, String> {
    let text = given.text().ok_or_else(|| given.refused(expected))?;
    parse(text).map_err(|error| format!("must be {expected}: {error}"))
}

impl<'a> Given<'a> {
    fn switch(self) -> Option<bool> {
        match self {
            Self::File(value) => value.as_bool(),
            Self::Variable(text) => text.parse().ok(),
        }
    }

    fn number<T: TryFrom<u64>>(self) -> Option<T> {
        let number = match self {
            Self::File(DeValue::Integer(digits)) => {
                u64::from_str_radix(digits.as_str(), digits.radix()).ok()?
            }
            Self::File(_) => return None,
            Self::Variable(text) => text.parse().ok()?,
        };
        T::try_from(number).ok()
    }

    fn share(self) -> Option<f64> {
        match self {
            Self::File(DeValue::Integer(digits)) => digits.as_str().parse().ok(),
            Self::File(DeValue::Float(digits)) => digits.as_str().parse().ok(),
            Self::File(_) => None,
            Self::Variable(text) => text.parse().ok(),
        }
    }

    fn text(self) -> Option<&'a str> {
        match self {
            Self::File(value) => value.as_str(),
            Self::Variable(text) => Some(text),
        }
    }

    fn texts(self) -> Option<Vec<&'a str>> {
        match self {
            Self::File(value) => value
                .as_array()?
                .iter()
                .map(|item| item.get_ref().as_str())
                .collect(),
            Self::Variable(text) if text.trim().is_empty() => Some(Vec::new()),
            Self::Variable(text) => Some(text.split(',').map(str::trim).collect()),
        }
    }

    /// The value itself is never shown: it may be a secret that went astray.
    fn refused(self, expected: &str) -> String {
        let found = match self {
            Self::File(DeValue::String(_)) => ", not a string",
            Self::File(DeValue::Boolean(_)) => ", not a boolean",
            Self::File(DeValue::Datetime(_)) => ", not a date",
            Self::File(DeValue::Table(_)) => ", not a table",
            // A number, a list or a variable can be of the right type and still be wrong.
            Self::File(DeValue::Integer(_) | DeValue::Float(_) | DeValue::Array(_))
            | Self::Variable(_) => "",
        };
        format!("must be {expected}{found}")
    }
}

//! Why a configuration is refused.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A configuration that cannot be used: where, which key, what is wrong, and the fix.
///
/// Displayed as `gambeson.toml:3:1: unknown key ..`, or with the name of the environment variable.
#[derive(thiserror::Error)]
#[error("{}{}", .0.place, .0.problem)]
#[non_exhaustive]
pub struct ConfigError(Box<Refusal>);

struct Refusal {
    place: Place,
    key: Option<String>,
    problem: Problem,
}

pub(super) enum Place {
    File {
        path: PathBuf,
        position: Option<Position>,
    },
    Variable(String),
}

/// A line and a column, both counted from 1, the column in characters.
#[derive(Clone, Copy)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// What is wrong, worded to follow the place.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    #[error("{0}")]
    Told(String),
}

impl ConfigError {
    pub(super) fn new(place: Place, key: Option<&str>, problem: Problem) -> Self {
        Self(Box::new(Refusal {
            place,
            key: key.map(str::to_owned),
            problem,
        }))
    }

    /// The path of the refused file, as it was given; `<text>` for text that has none.
    pub fn path(&self) -> Option<&Path> {
        match &self.0.place {
            Place::File { path, .. } => Some(path),
            Place::Variable(_) => None,
        }
    }

    /// The environment variable that is refused.
    pub fn variable(&self) -> Option<&str> {
        match &self.0.place {
            Place::File { .. } => None,
            Place::Variable(name) => Some(name),
        }
    }

    /// The line in the file, counted from 1.
    pub fn line(&self) -> Option<usize> {
        self.position().map(|position| position.line)
    }

    /// The column in the line, counted in characters from 1.
    pub fn column(&self) -> Option<usize> {
        self.position().map(|position| position.column)
    }

    /// The key that is refused, as it was written, without the names of its tables.
    pub fn key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }

    /// The operating system's error, when the file could not be read.
    pub fn io_error(&self) -> Option<&io::Error> {
        match &self.0.problem {
            Problem::Unreadable(error) => Some(error),
            Problem::Told(_) => None,
        }
    }

    fn position(&self) -> Option<Position> {
        match &self.0.place {
            Place::File { position, .. } => *position,
            Place::Variable(_) => None,
        }
    }
}

/// `fn main() -> Result<(), Box<dyn Error>>` prints this form, and it is the user who reads it.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File {
                path,
                position: Some(Position { line, column }),
            } => {
                write!(f, "{}:{line}:{column}: ", path.display())
            }
            Self::File {
                path,
                position: None,
            } => write!(f, "{}: ", path.display()),
            Self::Variable(name) => write!(f, "environment variable {} ", shown(name)),
        }
    }
}

/// A word of the user's between backquotes: bounded, and without control characters.
pub(super) fn shown(word: &str) -> String {
    const MOST: usize = 64;
    let mut text = String::from("`");
    for letter in word.chars().take(MOST) {
        // A quote needs no escape here, and `escape_debug` would give it one.
        if matches!(letter, '"' | '\'' | '\\') {
            text.push(letter);
        } else {
            text.extend(letter.escape_debug());
        }
    }
    if word.chars().nth(MOST).is_some() {
        text.push_str("..");
    }
    text.push('`');
    text
}

//! From the lines of a file to events.

use std::fmt;

use gambeson::Telemetry;

use crate::{
    handlers,
    input::{self, Record},
};

/// What became of the lines.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    /// Lines that were emitted as events.
    pub(crate) emitted: u64,
    /// Lines that are no events.
    pub(crate) malformed: Notes,
    /// Lines that are events, which only the handler of all events takes, or none.
    pub(crate) unknown: Notes,
}

/// Lines with something to tell: all are counted, and the first are kept.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) total: usize,
    pub(crate) first: Vec<Note>,
}

/// Something to tell about a line.
#[derive(Debug)]
pub(crate) struct Note {
    /// The line's number, from 1.
    pub(crate) line: usize,
    text: String,
}

/// Emits every line that is an event.
pub(crate) fn replay(telemetry: &Telemetry, bytes: &[u8]) -> Replay {
    let mut replay = Replay::default();
    for (line, text) in input::lines(bytes) {
        match emit(telemetry, text) {
            Ok(record) => {
                replay.emitted += 1;
                if !handlers::is_known(record.name()) {
                    let text = format!("no handler is meant for `{}`", record.name());
                    replay.unknown.push(line, text);
                }
            }
            Err(text) => replay.malformed.push(line, text),
        }
    }
    replay
}

fn emit(telemetry: &Telemetry, line: &[u8]) -> Result<Record, String> {
    let record = Record::parse(line).map_err(|error| error.to_string())?;
    telemetry
        .emit(record.name(), &record.measurements(), &record.metadata())
        .map_err(|error| format!("event name `{}`: {error}", record.name()))?;
    Ok(record)
}

impl Notes {
    fn push(&mut self, line: usize, text: String) {
        const KEPT: usize = 40;
        self.total += 1;
        if self.first.len() < KEPT {
            self.first.push(Note { line, text });
        }
    }
}

/// As it may be shown: parts of the text are the file's, which may hold control characters.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 160;
        write!(f, "line {:>4}  ", self.line)?;
        for character in self.text.chars().take(SHOWN) {
            if character == ' ' || character.is_ascii_graphic() || character.is_alphanumeric() {
                write!(f, "{character}")?;
            } else {
                write!(f, "{}", character.escape_unicode())?;
            }
        }
        if self.text.chars().nth(SHOWN).is_some() {
            write!(f, "..")?;
        }
        Ok(())
    }
}

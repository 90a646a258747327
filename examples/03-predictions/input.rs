//! A file of events, one JSON object a line. Every line stands for itself: a malformed one is
//! told, and costs no other.

#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use gambeson::{Number, Value};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value as Json};

/// How large a file may be, in bytes.
const MAX_FILE: u64 = 64 * 1024 * 1024;
/// How long a line may be, in bytes.
pub(crate) const MAX_LINE: usize = 64 * 1024;

/// A file that cannot be read as a whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("{}: {error}; name another file with `--file`", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("{}: larger than {MAX_FILE} bytes; split it", path.display())]
    TooLarge { path: PathBuf },
}

/// Why a line is no event.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineError {
    #[error("{0} bytes long; at most {MAX_LINE} are read")]
    TooLong(usize),
    #[error("not UTF-8 from byte {}", .0.valid_up_to() + 1)]
    Encoding(#[from] std::str::Utf8Error),
    #[error("{}", json_text(.0))]
    Json(#[from] serde_json::Error),
    #[error("not a JSON object")]
    NotAnObject,
    #[error("`{table}` is not an object")]
    NotATable { table: &'static str },
    #[error("{table} `{key}` is an {kind}; give a text, a number or a truth value")]
    Nested {
        table: &'static str,
        key: String,
        kind: &'static str,
    },
}

/// An event as its line says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    #[serde(rename = "event")]
    name: String,
    #[serde(default)]
    measurements: Map<String, Json>,
    #[serde(default)]
    metadata: Map<String, Json>,
    /// When it was written; a replayed event happens now.
    #[serde(default, rename = "at")]
    _at: IgnoredAny,
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes));
    let path = || path.to_owned();
    match read {
        Err(error) => Err(FileError::Io {
            path: path(),
            error,
        }),
        Ok(length) if length as u64 > MAX_FILE => Err(FileError::TooLarge { path: path() }),
        Ok(_) => Ok(bytes),
    }
}

/// The lines that are not blank, with their numbers from 1.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = bytes.split(|byte| *byte == b'\n').zip(1..);
    lines
        .map(|(line, number)| (number, line.trim_ascii()))
        .filter(|(_, line)| !line.is_empty())
}

impl Record {
    /// Reads one line.
    pub(crate) fn parse(line: &[u8]) -> Result<Self, LineError> {
        if line.len() > MAX_LINE {
            return Err(LineError::TooLong(line.len()));
        }
        let json: Json = serde_json::from_str(std::str::from_utf8(line)?)?;
        // Without this an array of the fields' values would do.
        if !json.is_object() {
            return Err(LineError::NotAnObject);
        }
        check_table(&json, "measurements")?;
        check_table(&json, "metadata")?;
        Ok(serde_json::from_value(json)?)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The measurements that are numbers.
    pub(crate) fn measurements(&self) -> Vec<(&str, Number)> {
        self.measurements
            .iter()
            .filter_map(|(key, value)| Some((key.as_str(), number(value)?)))
            .collect()
    }

    /// The metadata, and the measurements that are no numbers: a handler that asks for one is
    /// told so, and the others are not concerned.
    pub(crate) fn metadata(&self) -> Vec<(&str, Value<'_>)> {
        let no_numbers = self.measurements.iter().filter(|(_, v)| !v.is_number());
        self.metadata
            .iter()
            .chain(no_numbers)
            .map(|(key, value)| (key.as_str(), scalar(value)))
            .collect()
    }
}

/// A table that is there holds no other.
fn check_table(line: &Json, table: &'static str) -> Result<(), LineError> {
    let Some(json) = line.get(table) else {
        return Ok(());
    };
    let fields = json.as_object().ok_or(LineError::NotATable { table })?;
    let nested = fields.iter().find_map(|(key, value)| match value {
        Json::Array(_) => Some((key, "array")),
        Json::Object(_) => Some((key, "object")),
        _ => None,
    });
    match nested {
        None => Ok(()),
        Some((key, kind)) => Err(LineError::Nested {
            table,
            key: key.clone(),
            kind,
        }),
    }
}

fn scalar(value: &Json) -> Value<'_> {
    match value {
        Json::Bool(truth) => Value::Bool(*truth),
        Json::String(text) => Value::Text(text),
        Json::Number(_) => number(value).map_or(Value::Absent, Value::Number),
        // `parse` has refused arrays and objects.
        Json::Null | Json::Array(_) | Json::Object(_) => Value::Absent,
    }
}

fn number(value: &Json) -> Option<Number> {
    let unsigned = value.as_u64().map(Number::Unsigned);
    let signed = || value.as_i64().map(Number::Signed);
    let float = || value.as_f64().map(Number::Float);
    unsigned.or_else(signed).or_else(float)
}

/// The parser's message with the column only: it counts lines from the one it was given.
fn json_text(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(message) => format!("{message} at column {}", error.column()),
        None => text,
    }
}

//! The audit log: one line of JSON for each order event, appended to a file.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use gambeson::{Classify, Event, Number, Resource, Value, defensive_handler};
use serde::{Serialize, Serializer};

/// The log, for as long as somebody keeps it open.
pub(crate) static AUDIT: Resource<AuditLog> = Resource::new("audit");

/// Writes down every order event.
#[defensive_handler(on = "shop.order.*")]
pub(crate) fn audit_order(
    event: &Event<'_>,
    #[needs(AUDIT)] audit: &AuditLog,
) -> Result<(), AuditError> {
    audit.append(event)
}

/// An event that could not be written down.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum AuditError {
    #[error("the audit log cannot be written")]
    Io(#[from] io::Error),
    #[error("the event cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    #[error("a panic left the audit log locked")]
    #[skip(state_corrupted)]
    Poisoned,
}

/// An open log.
#[derive(Debug)]
pub(crate) struct AuditLog {
    file: Mutex<File>,
}

/// One line of the log.
#[derive(Serialize)]
struct Line<'a> {
    at_unix_ms: u128,
    event: &'a str,
    #[serde(serialize_with = "as_map")]
    measurements: &'a [(&'a str, Number)],
    #[serde(serialize_with = "as_map")]
    metadata: &'a [(&'a str, Value<'a>)],
}

impl AuditLog {
    /// Opens a log at its end, and makes it where there is none.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(AuditLog {
            file: Mutex::new(file),
        })
    }

    /// One write for the whole line, so that no other line gets in between.
    fn append(&self, event: &Event<'_>) -> Result<(), AuditError> {
        let since_1970 = event.at().duration_since(SystemTime::UNIX_EPOCH);
        let mut line = serde_json::to_vec(&Line {
            at_unix_ms: since_1970.unwrap_or_default().as_millis(),
            event: event.name(),
            measurements: event.measurements(),
            metadata: event.metadata(),
        })?;
        line.push(b'\n');
        let mut file = self.file.lock().map_err(poisoned)?;
        Ok(file.write_all(&line)?)
    }
}

fn poisoned<T>(_: PoisonError<T>) -> AuditError {
    AuditError::Poisoned
}

fn as_map<S: Serializer, V: Serialize>(
    pairs: &[(&str, V)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::data::Data;

    #[test]
    fn a_line_holds_the_whole_event_whatever_is_in_it() {
        let data = Data::temporary("audit-test").unwrap();
        let audit = AuditLog::open(&data.audit()).unwrap();
        let event = Event::new(
            "shop.order.stop",
            &[("total_cents", Number::Unsigned(450))],
            &[("customer", Value::Text("Ada\n\"Lovelace\""))],
        );
        audit_order(&event, &audit).unwrap();
        audit_order(&event, &audit).unwrap();

        let text = fs::read_to_string(data.audit()).unwrap();
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1]["event"], "shop.order.stop");
        assert_eq!(lines[1]["measurements"]["total_cents"], 450);
        assert_eq!(lines[1]["metadata"]["customer"], "Ada\n\"Lovelace\"");
        assert!(lines[1]["at_unix_ms"].is_u64());
    }
}

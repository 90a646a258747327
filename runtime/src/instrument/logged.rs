//! The values of a call in the debug log, where the config asks for them.

use std::time::Duration;

use super::{
    ending::{Ending, Failure},
    known::Known,
    values::Values,
};
use crate::{
    config::DebugLog,
    diagnostics::values::{self, CallRecord},
    event::{Event, Value},
    instance::{Core, scope},
    limiter::Ticket,
};

/// Tells a call's arguments and fields.
pub(super) fn start(known: &Known, values: &Values) {
    let fields = known.site.written.fields;
    told(known, known.start.name(), |ticket, log| {
        let mut pairs: Vec<(&str, Value<'_>)> = Vec::new();
        for (key, value) in fields.iter().zip(values.captured()) {
            if !value.is_nothing() {
                pairs.push((key, value.lend()));
            }
        }
        let event = Event::new(known.start.name(), &[], &pairs);
        let record = CallRecord {
            function: &known.path,
            event: &event,
            took: None,
            ticket,
        };
        values::call(&record, log);
    });
}

/// Tells how a call ended.
pub(super) fn end(known: &Known, ending: &Ending, took: Duration) {
    let (name, pairs) = match ending {
        Ending::Unwanted => return,
        Ending::Returned(None) => (known.stop.name(), Vec::new()),
        Ending::Returned(Some(value)) => (known.stop.name(), vec![("return", Value::Text(value))]),
        Ending::Failed(failure) => (known.exception.name(), Failure::metadata(failure).to_vec()),
    };
    told(known, name, |ticket, log| {
        let event = Event::new(name, &[], &pairs);
        let record = CallRecord {
            function: &known.path,
            event: &event,
            took: Some(took),
            ticket,
        };
        values::call(&record, log);
    });
}

/// Writes a record if the telemetry of this thread has the event logged, as often as its config
/// allows.
fn told(known: &Known, event: &str, write: impl FnOnce(Ticket, &DebugLog)) {
    let granted = scope::with_current(|core: &std::sync::Arc<Core>| {
        let log = &core.conduct.config.debug_log;
        let is_logged = known.is_logged(core, event);
        let ticket = is_logged.then(|| known.limiters.values(log)).flatten()?;
        Some((ticket, std::sync::Arc::clone(core)))
    });
    if let Some((ticket, core)) = granted.flatten() {
        write(ticket, &core.conduct.config.debug_log);
    }
}

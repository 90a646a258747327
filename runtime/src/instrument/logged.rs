//! The values of a call in the debug log, where the config asks for them.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

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
    limiter::{Fate, Limiters, Ticket},
};

/// The functions of which values were told.
static TOLD: Mutex<Vec<&'static Known>> = Mutex::new(Vec::new());

/// Lends the limits of the functions whose values this telemetry has logged.
pub(crate) fn with_logged(core: &Core, mut lend: impl FnMut(&str, &Limiters)) {
    let told = TOLD.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for known in told.into_iter().filter(|known| known.is_logged_by(core)) {
        lend(&known.path, &known.limiters);
    }
}

/// Tells a call's arguments and fields.
pub(super) fn start(known: &'static Known, values: &Values) {
    told(known, known.start.name(), |ticket, log| {
        let pairs = values.pairs(known.site.written.fields);
        let event = Event::new(known.start.name(), &[], &pairs);
        let record = CallRecord {
            function: &known.path,
            event: &event,
            took: None,
            ticket,
        };
        values::call(&record, log)
    });
}

/// Tells how a call ended.
pub(super) fn end(known: &'static Known, ending: &Ending, took: Duration) {
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
        values::call(&record, log)
    });
}

/// Writes a record if the telemetry of this thread has the event logged, as often as its config
/// allows.
fn told(known: &'static Known, event: &str, write: impl FnOnce(Ticket, &DebugLog) -> Fate) {
    let granted = scope::with_current(|core: &Arc<Core>| {
        let is_logged = known.is_logged(core, event);
        let values = || known.limiters.values(core.conduct.rate());
        let ticket = is_logged.then(values).flatten()?;
        Some((ticket, Arc::clone(core)))
    });
    if let Some((ticket, core)) = granted.flatten() {
        known.tells_values.call_once(|| {
            let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
            told.push(known);
        });
        let fate = write(ticket, &core.conduct.config.debug_log);
        known.limiters.settle(ticket, fate);
    }
}

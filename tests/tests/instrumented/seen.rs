//! What a subscriber of tracing sees, as lines. A span says where it is only where it was told so.

use std::{
    fmt::{self, Write as _},
    sync::{Arc, Mutex, OnceLock},
};

use tracing::{
    Dispatch, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::NoSubscriber,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
};

/// The spans, events and later records that are seen while `code` runs.
pub(crate) fn seen<R>(code: impl FnOnce() -> R) -> (R, Vec<String>) {
    keep_a_subscriber();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let subscriber = tracing_subscriber::registry().with(Lines(lines.clone()));
    let value = tracing::subscriber::with_default(subscriber, code);
    let lines = std::mem::take(&mut *lines.lock().unwrap());
    (value, lines)
}

/// The events alone that are seen while `code` runs.
pub(crate) fn told<R>(code: impl FnOnce() -> R) -> (R, Vec<String>) {
    let (value, mut lines) = seen(code);
    lines.retain(|line| line.starts_with("event"));
    (value, lines)
}

/// Runs `code` where no subscriber sees it, whatever other threads have.
pub(crate) fn unseen<R>(code: impl FnOnce() -> R) -> R {
    keep_a_subscriber();
    tracing::subscriber::with_default(NoSubscriber::default(), code)
}

/// Makes the subscriber of a test one of several. Where there is only one, tracing takes it for
/// that of every thread: a function that a thread without one calls first would be seen by nobody.
pub(crate) fn keep_a_subscriber() {
    static KEPT: OnceLock<Dispatch> = OnceLock::new();
    KEPT.get_or_init(|| Dispatch::new(NoSubscriber::default()));
}

struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn note(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, context: Context<'_, S>) {
        let mut values = Values::default();
        attributes.record(&mut values);
        let metadata = attributes.metadata();
        let (level, name) = (metadata.level(), metadata.name());
        let place = match attributes.parent() {
            Some(parent) => format!(" in {}", name_of(parent, &context)),
            None if attributes.is_root() => " in nothing".to_owned(),
            None => String::new(),
        };
        self.note(format!(
            "{level} {} {name}{place}:{values}",
            metadata.target()
        ));
    }

    fn on_follows_from(&self, id: &Id, cause: &Id, context: Context<'_, S>) {
        let [name, cause] = [id, cause].map(|id| name_of(id, &context));
        self.note(format!("{name} follows from {cause}"));
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let mut values = Values::default();
        record.record(&mut values);
        let name = name_of(id, &context);
        self.note(format!("later {name}:{values}"));
    }

    fn on_event(&self, event: &tracing::Event<'_>, context: Context<'_, S>) {
        let mut values = Values::default();
        event.record(&mut values);
        let metadata = event.metadata();
        let (level, target) = (metadata.level(), metadata.target());
        let span = context
            .lookup_current()
            .map_or("nowhere", |span| span.name());
        self.note(format!("event in {span}: {level} {target}{values}"));
    }
}

fn name_of<S: Subscriber + for<'a> LookupSpan<'a>>(
    id: &Id,
    context: &Context<'_, S>,
) -> &'static str {
    context.span(id).map_or("?", |span| span.name())
}

/// Each value with the kind that it is recorded as.
#[derive(Default)]
struct Values(String);

impl Values {
    fn note(&mut self, field: &Field, kind: &str, value: impl fmt::Display) {
        let _ = write!(self.0, " {}={kind} {value}", field.name());
    }
}

impl Visit for Values {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.note(field, "f64", value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.note(field, "i64", value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.note(field, "u64", value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.note(field, "bool", value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.note(field, "str", value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.note(field, "text", format_args!("{value:?}"));
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

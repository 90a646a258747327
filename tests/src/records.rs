//! A tracing layer that keeps what it sees.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    registry,
};

/// One tracing event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its level.
    pub level: Level,
    /// Its target.
    pub target: &'static str,
    /// Its fields as text, the message among them.
    pub fields: BTreeMap<&'static str, String>,
}

impl Record {
    /// The text of a field; `None` where it is absent.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }
}

/// The events of the code that ran inside [`Records::capture`].
#[derive(Clone, Debug, Default)]
pub struct Records(Arc<Mutex<Vec<Record>>>);

impl Records {
    /// None yet.
    pub fn new() -> Self {
        Records::default()
    }

    /// Keeps the events of this thread while `code` runs.
    pub fn capture<R>(&self, code: impl FnOnce() -> R) -> R {
        tracing::subscriber::with_default(registry().with(self.clone()), code)
    }

    /// Everything of the runtime so far.
    pub fn all(&self) -> Vec<Record> {
        self.lock().clone()
    }

    /// The records of skips so far.
    pub fn skips(&self) -> Vec<Record> {
        self.saying("handler skipped")
    }

    /// The records with this message so far.
    pub fn saying(&self, message: &str) -> Vec<Record> {
        let mut records = self.all();
        records.retain(|record| record.field("message") == Some(message));
        records
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Record>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber> Layer<S> for Records {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if metadata.target() != "gambeson" {
            return;
        }
        let mut fields = Fields(BTreeMap::new());
        event.record(&mut fields);
        self.lock().push(Record {
            level: *metadata.level(),
            target: metadata.target(),
            fields: fields.0,
        });
    }
}

struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

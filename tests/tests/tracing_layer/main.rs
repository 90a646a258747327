//! The layer of tracing in the subscriber of a process: what handlers hear of spans and events,
//! what it costs where nobody listens, and what the layers beside it see.
//!
//! No test here sets a subscriber of its own: while one does, tracing drops for all threads what
//! is logged from inside a subscriber.

#![allow(clippy::unwrap_used, reason = "what cannot fail here, must not")]

mod beside;
mod events;
mod hostile;
mod interest;
mod reentrant;
mod spans;

use std::sync::{Arc, Mutex, Once};

use gambeson::{Event, Handler, Telemetry};
use tracing_subscriber::{filter::Targets, prelude::*};

use self::beside::Beside;

/// Sets the subscriber of the process: ours, and a layer that sees the targets `beside`.
fn set_up() {
    static SET: Once = Once::new();
    SET.call_once(|| {
        let targets = Targets::new().with_target("beside", tracing::Level::TRACE);
        tracing_subscriber::registry()
            .with(Beside.with_filter(targets))
            .with(gambeson::tracing_layer())
            .init();
    });
}

/// What a handler of these events hears while `code` runs on this thread, as texts.
fn heard(pattern: &'static str, code: impl FnOnce()) -> Vec<String> {
    set_up();
    let events = Arc::new(Mutex::new(Vec::new()));
    let telemetry = Telemetry::isolated();
    telemetry
        .attach(Handler::new("ear", pattern, hear_into(&events)))
        .unwrap();
    telemetry.enter(code);
    telemetry.shutdown();
    std::mem::take(&mut *events.lock().unwrap())
}

type Heard = Arc<Mutex<Vec<String>>>;

fn hear_into(events: &Heard) -> impl Fn(&Event<'_>) + Send + Sync + use<> {
    let events = events.clone();
    move |event| {
        let text = text_of(event);
        events.lock().unwrap().push(text);
    }
}

/// The event as text, without the times that the end of a span has.
fn text_of(event: &Event<'_>) -> String {
    let is_time = |key: &str| ["duration", "busy"].contains(&key);
    if event.name().rsplit('.').next() == Some("stop") {
        let (duration, busy) = (event.number("duration"), event.number("busy"));
        assert!(busy.unwrap() <= duration.unwrap());
    }
    let others = event.measurements().iter().filter(|(key, _)| !is_time(key));
    let others: Vec<_> = others.copied().collect();
    Event::new(event.name(), &others, event.metadata()).to_string()
}

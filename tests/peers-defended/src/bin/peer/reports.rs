//! Reports of sentry: a privacy filter that fails, and a report from a thread-local's destructor.

use std::{
    cell::Cell,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use gambeson::Defense;
use sentry::{ClientOptions, Envelope, Level, Transport, protocol::Event};

use crate::{Way, say, telemetry};

/// The messages that left the process.
static SENT: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Outbox;

impl Transport for Outbox {
    fn send_envelope(&self, envelope: Envelope) {
        let message = envelope.event().and_then(|event| event.message.clone());
        let mut sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
        sent.extend(message);
    }
}

fn options() -> ClientOptions {
    ClientOptions::default()
        .dsn("https://key@shop.invalid/1")
        .transport(Arc::new(Outbox))
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_sent() {
    let sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
    println!("sent: {}", sent.join("; "));
}

/// The filter knows one form of a card's number only, and fails at any other.
#[expect(clippy::unnecessary_wraps, reason = "what sentry wants of a filter")]
fn scrub(mut event: Event<'static>) -> Option<Event<'static>> {
    let message = event.message.take().unwrap_or_default();
    let Some((before, number)) = message.split_once("card=") else {
        panic!("the message has no card in the form that is known");
    };
    event.message = Some(format!("{before}card={}", "*".repeat(number.len())));
    Some(event)
}

pub(crate) fn before_send(way: Way) {
    let telemetry = telemetry();
    let _client = sentry::init(match way {
        Way::Bare => options().before_send(scrub),
        Way::Defended => options().before_send(gambeson::defend_or("scrub", scrub, |_| None)),
    });
    sentry::capture_message("paid with card=4711", Level::Info);
    sentry::capture_message("paid with CARD: 0815", Level::Info);
    sentry::capture_message("refunded to card=4711", Level::Info);
    say_sent();
    say(&telemetry, "scrub");
}

/// Reports the end of its thread, in a destructor that comes after those of sentry's own.
struct Last(Option<Arc<Defense>>);

impl Drop for Last {
    fn drop(&mut self) {
        let report = || {
            sentry::capture_message("a thread has ended", Level::Info);
        };
        match &self.0 {
            Some(defense) => defense.run(report),
            None => report(),
        }
    }
}

thread_local!(static LAST: Cell<Option<Last>> = const { Cell::new(None) });

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn capture_in_destructor(way: Way) {
    let telemetry = telemetry();
    let _client = sentry::init(options());
    let defense = (way == Way::Defended).then(|| Arc::new(Defense::new("last_words")));
    for _ in 0..2 {
        let last = Last(defense.clone());
        let ended = thread::spawn(|| {
            LAST.set(Some(last));
            // Sentry's own thread-locals are younger, and so are gone first.
            sentry::capture_message("a thread has begun", Level::Info);
        })
        .join();
        println!("thread: {}", if ended.is_ok() { "ended" } else { "died" });
    }
    say_sent();
    say(&telemetry, "last_words");
}

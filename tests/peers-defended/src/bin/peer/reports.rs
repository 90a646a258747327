//! Reports of sentry, and a privacy filter that fails.

use std::sync::{Arc, Mutex, PoisonError};

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

pub(crate) fn options() -> ClientOptions {
    ClientOptions::default()
        .dsn("https://key@shop.invalid/1")
        .transport(Arc::new(Outbox))
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn say_sent() {
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

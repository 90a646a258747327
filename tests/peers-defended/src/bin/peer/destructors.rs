//! Last words from a thread-local's destructor that comes after those of the peer's own.

use std::{cell::Cell, sync::Arc, thread};

use gambeson::Defense;
use opentelemetry::Context;
use sentry::Level;

use crate::{
    Way,
    reports::{options, say_sent},
    say, telemetry,
};

/// Says the last words of its thread.
struct Last {
    words: fn(),
    defense: Option<Arc<Defense>>,
}

impl Drop for Last {
    fn drop(&mut self) {
        match &self.defense {
            Some(defense) => defense.run(self.words),
            None => (self.words)(),
        }
    }
}

thread_local!(static LAST: Cell<Option<Last>> = const { Cell::new(None) });

/// Two threads that begin, and say these words when they end.
#[expect(clippy::print_stdout, reason = "the test reads it")]
fn two_threads(way: Way, begin: fn(), words: fn()) {
    let defense = (way == Way::Defended).then(|| Arc::new(Defense::new("last_words")));
    for _ in 0..2 {
        let defense = defense.clone();
        let last = Last { words, defense };
        let ended = thread::spawn(move || {
            LAST.set(Some(last));
            // The peer's own thread-locals are younger, and so are gone first.
            begin();
        })
        .join();
        println!("thread: {}", if ended.is_ok() { "ended" } else { "died" });
    }
}

pub(crate) fn capture_in_destructor(way: Way) {
    fn report(message: &str) {
        sentry::capture_message(message, Level::Info);
    }
    let telemetry = telemetry();
    let _client = sentry::init(options());
    two_threads(
        way,
        || report("a thread has begun"),
        || report("a thread has ended"),
    );
    say_sent();
    say(&telemetry, "last_words");
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn emit_in_destructor(way: Way) {
    let telemetry = telemetry();
    let emitter = emit::emitter::from_fn(|event| println!("sent: {}", event.msg()));
    drop(emit::setup().emit_to(emitter).init());
    two_threads(
        way,
        || emit::info!("a thread has begun"),
        || emit::info!("a thread has ended"),
    );
    say(&telemetry, "last_words");
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn context_in_destructor(way: Way) {
    fn say_whose() {
        println!("sent: by {:?}", Context::current().get::<&str>());
    }
    let telemetry = telemetry();
    two_threads(
        way,
        || {
            let _host = Context::current_with_value("the host").attach();
            say_whose();
        },
        say_whose,
    );
    say(&telemetry, "last_words");
}

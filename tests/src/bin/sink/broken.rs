//! Logs that panic, emit, lock or are full.

use std::{
    fs::File,
    sync::{Mutex, TryLockError},
};

use gambeson::{Config, Handler, Telemetry, emit};
use tracing::{Event, Metadata, Subscriber, span};

use crate::{boom, failing, process, process_at_once, say, say_records};

/// A whole subscriber that has nothing to do but at events.
macro_rules! subscriber {
    ($name:ident, $on_event:expr) => {
        impl Subscriber for $name {
            fn enabled(&self, _: &Metadata<'_>) -> bool {
                true
            }
            fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
                span::Id::from_u64(1)
            }
            fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
            fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
            fn event(&self, _: &Event<'_>) {
                ($on_event)(self);
            }
            fn enter(&self, _: &span::Id) {}
            fn exit(&self, _: &span::Id) {}
        }
    };
}

/// Panics at every event.
struct Panicking;
subscriber!(Panicking, |_: &Panicking| panic!("the log is broken"));

/// Emits an event of its own at every event.
struct Emitting;
subscriber!(Emitting, |_: &Emitting| emit!("sink.written"));

/// Does the same while it holds its lock, which it takes at every event.
struct Locked(Mutex<()>);
subscriber!(Locked, |this: &Locked| {
    let _held = this.0.lock();
    emit!("sink.written");
});

/// Tells that it came back to itself, where [`Locked`] would wait for ever.
struct Returning(Mutex<()>);
subscriber!(Returning, |this: &Returning| {
    match this.0.try_lock() {
        Err(TryLockError::WouldBlock) => say_returned(),
        _ => boom_in_the_open(),
    }
});

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_returned() {
    println!("came back to itself");
}

/// What our record is to a subscriber, but told without our defences.
fn boom_in_the_open() {
    tracing::error!("boom");
}

pub(crate) fn panicking() {
    let telemetry = process(
        Config::default(),
        [Handler::new("till", "shop.opened", boom)],
    );
    tracing::subscriber::with_default(Panicking, || emit!("shop.opened"));
    say(&telemetry, "till");
    say_records(&telemetry, "till");
}

/// Two handlers, of which the second fails in the middle of the record of the first.
fn in_a_record() -> Telemetry {
    process(
        Config::default().with_debug(true),
        [
            Handler::new("slow", "shop.opened", failing),
            Handler::new("till", "sink.written", boom),
        ],
    )
}

pub(crate) fn inside_a_record() {
    let telemetry = in_a_record();
    tracing::subscriber::with_default(Emitting, || emit!("shop.opened"));
    say(&telemetry, "slow");
    say(&telemetry, "till");
}

/// The process's subscriber, which tracing lets come back to itself.
pub(crate) fn locked() {
    let telemetry = in_a_record();
    let set = tracing::subscriber::set_global_default(Locked(Mutex::new(())));
    assert!(set.is_ok());
    emit!("shop.opened");
    say(&telemetry, "slow");
    say(&telemetry, "till");
}

/// The same without our defences.
pub(crate) fn locked_bare() {
    let set = tracing::subscriber::set_global_default(Returning(Mutex::new(())));
    assert!(set.is_ok());
    tracing::error!("first");
}

/// Nobody takes records, and stderr takes nothing.
pub(crate) fn full_stderr() {
    let telemetry = process_at_once(
        Config::default(),
        [Handler::new("till", "shop.opened", boom)],
    );
    (0..100).for_each(|_| emit!("shop.opened"));
    say(&telemetry, "till");
    say_records(&telemetry, "till");
}

/// The stock formatter writes to a stderr that takes nothing, and panics for it.
pub(crate) fn formatter_on_full_stderr() {
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr);
    log.init();
    full_stderr();
}

/// The same without our defences.
pub(crate) fn formatter_on_full_stderr_bare() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    tracing::error!("boom");
}

/// A log in a file that may not grow any more.
pub(crate) fn full_file() {
    let path = std::env::args().nth(2).unwrap_or_default();
    let Ok(file) = File::create(&path) else {
        panic!("`{path}` cannot be made")
    };
    tracing_subscriber::fmt()
        .with_ansi(false)
        .log_internal_errors(false)
        .with_writer(Mutex::new(file))
        .init();
    let config = Config::default().with_debug(true);
    let telemetry = process_at_once(
        config.with_debug_log_rate(1_000, 1),
        [Handler::new("till", "shop.opened", boom)],
    );
    (0..1_000).for_each(|_| emit!("shop.opened"));
    say(&telemetry, "till");
}

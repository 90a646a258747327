//! Values that are shown by showing themselves.

use std::{fmt, hint::black_box, panic::panic_any};

use gambeson::{Config, Event, Handler, Telemetry, emit, instrumented};

use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

use crate::{process, say, start_without_quarantine};

/// A handler that says which value it was given.
#[expect(clippy::print_stdout, reason = "the test reads it")]
fn till() -> [Handler; 1] {
    [Handler::new("till", "shop.**", |event: &Event<'_>| {
        println!("{event}");
    })]
}

/// Its `Debug` and its `Display` emit an event with itself in it.
struct Basket;

impl fmt::Debug for Basket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        emit!("shop.shown", {}, { basket = ?self });
        f.write_str("a basket")
    }
}

impl fmt::Display for Basket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        emit!("shop.shown", {}, { basket = %self });
        f.write_str("a basket")
    }
}

pub(crate) fn debug_emits_itself() {
    let telemetry = process(till());
    emit!("shop.filled", {}, { basket = ?Basket });
    emit!("shop.filled", {}, { after = ?"it" });
    say(&telemetry, "till");
}

pub(crate) fn display_emits_itself() {
    let telemetry = process(till());
    emit!("shop.filled", {}, { basket = %Basket });
    say(&telemetry, "till");
}

/// A list whose `Debug` asks for its length, which is instrumented, and so shows the list.
struct List(Vec<u8>);

impl List {
    #[instrumented(event = "shop.list.len")]
    fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.len())
    }
}

pub(crate) fn debug_calls_instrumented() {
    let handler = Handler::new("till", "shop.list.len.start", |event: &Event<'_>| {
        print(event);
    });
    let telemetry = start_without_quarantine(
        Telemetry::builder().config(Config::default().with_debug(true)),
        [handler],
    );
    black_box(List(vec![1, 2]).len());
    say(&telemetry, "till");
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn print(event: &Event<'_>) {
    println!("{event}");
}

/// An error of unknown type whose `Display` emits the event of which it tells.
#[derive(Debug)]
struct Emits;

impl fmt::Display for Emits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        emit!("shop.filled");
        f.write_str("the basket is full")
    }
}

impl std::error::Error for Emits {}

pub(crate) fn error_emits_itself() {
    let failing = Handler::new("till", "shop.filled", |_| Err::<(), _>(Emits));
    let telemetry = process([failing]);
    emit!("shop.filled");
    say(&telemetry, "till");
}

pub(crate) fn thrown_error_emits_itself() {
    let failing = Handler::new("till", "shop.filled", |_| -> () {
        panic_any(std::io::Error::other(Emits))
    });
    let telemetry = process([failing]);
    emit!("shop.filled");
    say(&telemetry, "till");
}

/// Its `Debug` logs itself.
struct Logs;

impl fmt::Debug for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tracing::info!(target: "shop", basket = ?self, "shown");
        f.write_str("a basket")
    }
}

/// A program whose subscriber is the layer alone.
pub(crate) fn debug_logs_itself() {
    let _ = tracing_subscriber::registry()
        .with(gambeson::tracing_layer())
        .try_init();
    let telemetry = process(till());
    tracing::info!(target: "shop", basket = ?Logs, "filled");
    say(&telemetry, "till");
}

/// A program whose subscriber is the stock formatter.
pub(crate) fn bare_log() {
    tracing_subscriber::fmt().init();
    tracing::info!(target: "shop", basket = ?Logs, "filled");
}

/// The same with nobody between the value and itself.
struct Bare;

#[expect(clippy::recursive_format_impl, reason = "this is what dies")]
impl fmt::Debug for Bare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = black_box(format!("{self:?}"));
        f.write_str(&shown)
    }
}

pub(crate) fn bare() {
    black_box(format!("{Bare:?}"));
}

//! Payloads, hooks and logs that hurt whoever touches them.

use std::{
    fmt,
    panic::{self, AssertUnwindSafe, catch_unwind, panic_any},
    sync::atomic::{AtomicUsize, Ordering},
};

use gambeson::emit;

use crate::{
    body::Bomb,
    twin::{attach, is_bare, own, start, telemetry, tell_of},
};

/// A payload that panics when it is dropped, with another one, so many times. Who only catches the
/// panic and drops the payload has the next one.
pub(crate) fn payload(links: u32) {
    start();
    if is_bare() {
        drop(catch_unwind(|| panic_any(Bomb(links))));
    }
    attach(own("bomb", "place.bomb", move |_| panic_any(Bomb(links))));
    emit!("place.bomb");
    tell_of(&["bomb"]);
    say_drop_panics();
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_drop_panics() {
    let report = telemetry().map(gambeson::Telemetry::report);
    let bomb = report.as_ref().and_then(|report| report.handler("bomb"));
    if let Some(bomb) = bomb {
        println!("payload_drop_panics: {}", bomb.payload_drop_panics);
    }
}

/// A panic that is contained is none for the program's own hook; a bare catch tells it of both.
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn own_hook() {
    static HEARD: AtomicUsize = AtomicUsize::new(0);
    panic::set_hook(Box::new(|_| {
        HEARD.fetch_add(1, Ordering::SeqCst);
    }));
    start();
    attach(own("boom", "place.boom", |_| panic!("contained")));
    if is_bare() {
        let _ = catch_unwind(|| panic!("contained"));
    }
    emit!("place.boom");
    let _ = catch_unwind(|| panic!("the host's own"));
    println!("the hook heard {}", HEARD.load(Ordering::SeqCst));
    tell_of(&["boom"]);
}

/// Standard error is a pipe that nobody reads.
pub(crate) fn closed_stderr() {
    start();
    attach(own("boom", "place.boom", |_| {
        tracing::info!("to nobody");
        panic!("contained");
    }));
    if is_bare() {
        tracing::info!("to nobody");
    }
    emit!("place.boom");
    tell_of(&["boom"]);
}

/// A `Debug` that panics half-way.
struct Broken;

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half a line")?;
        panic!("no debug for you")
    }
}

/// The line after the broken value.
pub(crate) fn broken_debug() {
    start();
    attach(own("shows", "place.broken", |event| {
        tracing::info!("{event}");
    }));
    if is_bare() {
        let _ = catch_unwind(AssertUnwindSafe(
            || tracing::info!(broken = ?Broken, "whole"),
        ));
    }
    emit!("place.broken", {}, { broken = ?Broken });
    tracing::info!("the next line");
    tell_of(&["shows"]);
}

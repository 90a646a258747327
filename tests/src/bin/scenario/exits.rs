//! The end of a process while handlers run.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use gambeson::{Handler, Isolation, emit};

use crate::{boom, process, say};

static RAN: AtomicU64 = AtomicU64::new(0);

/// Four threads that emit until the process ends, among handlers that work and panic.
fn emit_for_ever() {
    let telemetry = process([
        Handler::new("a_panics", "shop.opened", boom),
        Handler::new("b_works", "shop.opened", |_| {
            RAN.fetch_add(1, Ordering::SeqCst);
        }),
    ]);
    for _ in 0..4 {
        thread::spawn(|| {
            loop {
                emit!("shop.opened");
            }
        });
    }
    while RAN.load(Ordering::SeqCst) < 100 {
        thread::yield_now();
    }
    std::mem::forget(telemetry);
}

/// The exit code is the program's.
#[expect(clippy::exit, reason = "it is what is tested")]
pub(crate) fn exit() {
    emit_for_ever();
    std::process::exit(7);
}

/// Returning from `main` is a success.
pub(crate) fn come_back() {
    emit_for_ever();
}

/// What a build with `panic = "abort"` says at start and in the report, and what it cannot do.
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn abort() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let telemetry = process([Handler::new("till", "shop.*", |event| {
        assert_eq!(event.name(), "shop.opened", "the first panic");
    })]);
    emit!("shop.opened");
    say(&telemetry, "till");
    let report = telemetry.report();
    println!("aborts: {}", report.isolation == Isolation::Abort);
    print!("{report}");
    emit!("shop.closed");
    println!("the process goes on");
}

//! A panic hook that logs: nothing can be caught there, so nothing of the user's is run.

#![allow(clippy::unwrap_used, reason = "what cannot fail here, must not")]

use std::{
    fmt, panic,
    sync::atomic::{AtomicUsize, Ordering},
};

use gambeson::{Event, Handler, SkipReason, Telemetry, tracing_layer};
use tracing::info;
use tracing_subscriber::prelude::*;

static FORMATTED: AtomicUsize = AtomicUsize::new(0);

struct Counting;

impl fmt::Debug for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FORMATTED.fetch_add(1, Ordering::Relaxed);
        f.write_str("counted")
    }
}

fn log() {
    info!(target: "hook", value = ?Counting);
}

#[test]
fn no_handler_runs_in_a_panic_hook_and_no_value_is_formatted() {
    panic::set_hook(Box::new(|_| log()));
    tracing_subscriber::registry().with(tracing_layer()).init();
    let telemetry = Telemetry::isolated();
    let handler = Handler::new("ear", "hook.event", |event: &Event<'_>| {
        assert_eq!(event.text("value"), Ok("counted"));
    });
    telemetry.attach(handler).unwrap();
    telemetry.enter(|| {
        log();
        assert!(panic::catch_unwind(|| panic!("on purpose")).is_err());
        log();
    });
    let report = telemetry.shutdown();
    let ear = report.handler("ear").unwrap();
    assert_eq!((ear.matched, ear.handled), (3, 2));
    assert_eq!(ear.skipped(SkipReason::InPanicHook), 1);
    assert_eq!(FORMATTED.load(Ordering::Relaxed), 2);
}

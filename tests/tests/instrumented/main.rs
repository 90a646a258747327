//! `#[instrumented]`: what handlers hear of a call, what a subscriber of tracing sees of it, and
//! that the function under it cannot tell.

#![allow(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    clippy::too_many_arguments,
    clippy::unused_async,
    clippy::unwrap_used,
    reason = "the functions are here for their shape, and some of them to fail"
)]

mod active_spans;
mod arguments;
mod asked;
mod asynchronous;
mod cancellation;
mod context;
mod defend;
mod disabled;
mod endings;
mod err;
mod event;
mod fields;
mod follows_from;
mod hostile;
mod hygiene;
mod joining;
mod level;
mod logged;
mod measure;
mod measured;
mod name;
mod opentelemetry;
mod panics;
mod parent;
mod quick_start;
mod quiet;
mod ret;
mod seen;
mod sensitive;
mod shape_bare;
mod shape_hygiene;
mod shape_kinds;
mod shape_stacked;
mod skip;
mod skip_all;
mod target;
mod twins;
mod twins_drops;
mod twins_futures;
mod unwinding;
mod values;
mod whose_panic;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Waker},
};

use gambeson::{Config, Event, Handler, Telemetry};
pub(crate) use gambeson_tests::{pause, run};

/// What handlers of these events hear while `code` runs: each event's name and metadata. The end
/// of a call has a duration, and its start has none.
fn heard<R>(pattern: &'static str, code: impl FnOnce() -> R) -> (R, Vec<String>) {
    seen::keep_a_subscriber();
    let events = Arc::new(Mutex::new(Vec::new()));
    let hear = {
        let events = events.clone();
        move |event: &Event<'_>| {
            let measured: Vec<&str> = event.measurements().iter().map(|(key, _)| *key).collect();
            let ends = event.name().rsplit('.').next() != Some("start");
            assert_eq!(measured, if ends { vec!["duration"] } else { vec![] });
            let text = Event::new(event.name(), &[], event.metadata()).to_string();
            events.lock().unwrap().push(text);
        }
    };
    let telemetry = Telemetry::isolated();
    telemetry
        .attach(Handler::new("ear", pattern, hear))
        .unwrap();
    let value = telemetry.enter(code);
    let report = telemetry.shutdown();
    let ear = report.handler("ear").unwrap();
    assert_eq!(ear.skips, [].into());
    let events = std::mem::take(&mut *events.lock().unwrap());
    assert_eq!(ear.handled, events.len() as u64);
    (value, events)
}

/// An isolated telemetry with this config and no handler.
fn configured(config: &str) -> Telemetry {
    seen::keep_a_subscriber();
    Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .config(Config::parse(config).unwrap())
        .start()
        .unwrap()
}

/// The payload of a panic in `code`.
fn thrown<T: 'static, R>(code: impl FnOnce() -> R) -> T {
    let payload = catch_unwind(AssertUnwindSafe(code)).err().unwrap();
    *payload.downcast().unwrap()
}

/// Polls a future that is not ready yet.
fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) {
    let polled = future.poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
}

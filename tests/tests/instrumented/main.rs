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

mod endings;
mod fields;
mod hygiene;
mod quick_start;
mod records;
mod seen;
mod shape_hygiene;
mod shape_kinds;
mod shape_stacked;
mod spans;
mod twins;
mod twins_drops;
mod twins_futures;

use std::sync::{Arc, Mutex};

use gambeson::{Event, Handler, Telemetry};
pub(crate) use gambeson_tests::{pause, run};

/// What handlers of these events hear while `code` runs: each event's name and metadata. The end
/// of a call has a duration, and its start has none.
fn heard<R>(pattern: &'static str, code: impl FnOnce() -> R) -> (R, Vec<String>) {
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
    let events = std::mem::take(&mut *events.lock().unwrap());
    assert_eq!(
        (ear.matched, ear.handled),
        (events.len() as u64, events.len() as u64)
    );
    (value, events)
}

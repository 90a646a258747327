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
mod spans;
mod twins;

use std::{
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use gambeson::{Event, Handler, Telemetry};

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

/// Polls a future to its end, for futures that are always woken.
fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..100 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
    panic!("the future is still pending after 100 polls");
}

/// Is pending once.
async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut paused, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

//! `gambeson::measure`: measurements from inside of a call, on the event that ends it.

use std::{
    fmt::Write as _,
    pin::pin,
    sync::{Arc, Mutex},
};

use gambeson::{Event, Handler, Telemetry, instrumented, measure};

use super::{pause, poll_once, run, seen::unseen, thrown};

/// The measurements of the events that handlers hear while `code` runs, each call's duration by its
/// name alone.
fn measured<R>(pattern: &'static str, code: impl FnOnce() -> R) -> (R, Vec<String>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let hear = {
        let events = events.clone();
        move |event: &Event<'_>| {
            let mut text = event.name().to_owned();
            for (key, number) in event.measurements() {
                if *key == "duration" {
                    text.push_str(" duration");
                } else {
                    let _ = write!(text, " {key}={number}");
                }
            }
            events.lock().unwrap().push(text);
        }
    };
    let telemetry = Telemetry::isolated();
    let ear = Handler::new("ear", pattern, hear);
    telemetry.attach(ear).unwrap();
    let value = telemetry.enter(code);
    let report = telemetry.shutdown();
    let events = std::mem::take(&mut *events.lock().unwrap());
    assert_eq!(report.handler("ear").unwrap().handled, events.len() as u64);
    (value, events)
}

#[instrumented(event = "measure.kinds")]
fn kinds() {
    measure("bytes", 4096_usize);
    measure("change", -3_i8);
    measure("share", 0.5);
    measure("most", u64::MAX);
}

#[test]
fn a_measurement_of_any_kind_is_on_the_end() {
    let ((), events) = measured("measure.kinds.*", kinds);
    let most = u64::MAX;
    assert_eq!(
        events,
        [
            "measure.kinds.start".to_owned(),
            format!("measure.kinds.stop duration bytes=4096 change=-3 share=0.5 most={most}")
        ]
    );
}

#[test]
fn a_key_that_is_measured_again_has_the_last_value() {
    #[instrumented(event = "measure.again")]
    fn again() {
        for line in 1..=3 {
            measure("lines", line);
            measure("bytes", line * 100);
        }
    }
    let ((), events) = measured("measure.again.stop", again);
    assert_eq!(events, ["measure.again.stop duration lines=3 bytes=300"]);
}

#[instrumented(event = "measure.outer")]
fn outer() -> Result<(), &'static str> {
    measure("before", 1);
    let inner = inner();
    measure("after", 2);
    inner
}

#[instrumented(event = "measure.inner")]
fn inner() -> Result<(), &'static str> {
    measure("inside", 3);
    not_instrumented();
    Err("inside")
}

fn not_instrumented() {
    measure("below", 4);
}

#[test]
fn a_measurement_is_that_of_the_innermost_call() {
    let (_, events) = measured("measure.*.exception", outer);
    assert_eq!(
        events,
        [
            "measure.inner.exception duration inside=3 below=4",
            "measure.outer.exception duration before=1 after=2"
        ]
    );
}

#[test]
fn a_panic_loses_no_measurement() {
    #[instrumented(event = "measure.panic")]
    fn panics() {
        measure("done", 7);
        std::panic::panic_any("on purpose");
    }
    let (payload, events) = measured("measure.panic.exception", || thrown::<&str, _>(panics));
    assert_eq!(payload, "on purpose");
    assert_eq!(events, ["measure.panic.exception duration done=7"]);
}

#[instrumented(event = "measure.later", fields(name))]
async fn later(first: u8, name: &str) {
    measure("first", first);
    pause().await;
    measure("second", name.len());
    pause().await;
}

#[test]
fn a_future_keeps_its_measurements_between_its_polls() {
    let interleaved = || {
        let (mut one, mut other) = (pin!(later(1, "a")), pin!(later(2, "bc")));
        for _ in 0..2 {
            poll_once(one.as_mut());
            poll_once(other.as_mut());
        }
        measure("nobody's", 9);
        run(one);
        run(other);
    };
    let ((), events) = measured("measure.later.stop", interleaved);
    assert_eq!(
        events,
        [
            "measure.later.stop duration first=1 second=1",
            "measure.later.stop duration first=2 second=2"
        ]
    );
}

#[test]
fn a_cancelled_future_has_what_was_measured() {
    let cancelled = || {
        let mut future = Box::pin(later(5, ""));
        poll_once(future.as_mut());
    };
    let ((), events) = measured("measure.later.exception", cancelled);
    assert_eq!(events, ["measure.later.exception duration first=5"]);
}

#[test]
fn a_measurement_of_no_call_is_nobodys() {
    let ((), events) = measured("measure.kinds.stop", || {
        unseen(|| measure("outside", 1));
        kinds();
        measure("outside", 2);
    });
    assert_eq!(events.len(), 1);
    assert!(!events[0].contains("outside"), "{events:?}");
}

#[test]
fn a_thread_keeps_so_many_measurements_and_no_more() {
    #[instrumented(event = "measure.many")]
    fn many() {
        // The same key each time: what is kept is looked through at the end.
        for number in 0..2000 {
            measure("last", number);
        }
    }
    let ((), events) = measured("measure.many.stop", many);
    assert_eq!(events, ["measure.many.stop duration last=1023"]);
    let ((), events) = measured("measure.kinds.stop", kinds);
    assert!(events[0].contains(" bytes=4096 "), "there is room again");
}

#[test]
fn a_duration_is_the_call_s_own() {
    #[instrumented(event = "measure.duration")]
    fn timed() {
        measure("duration", 1);
        measure("own", 2);
    }
    let ((), events) = measured("measure.duration.stop", timed);
    assert_eq!(events, ["measure.duration.stop duration own=2"]);
}

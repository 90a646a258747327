//! Extra measurements: on the end of the innermost call that they are made in.

use std::{
    panic::catch_unwind,
    sync::{Arc, Mutex},
};

use gambeson::{Event, Handler, Telemetry, instrumented, measure};

use super::{pause, run};

/// What was measured beside the duration, by the events that end calls.
fn measured(pattern: &str, code: impl FnOnce()) -> Vec<String> {
    let ends = Arc::new(Mutex::new(Vec::new()));
    let hear = {
        let ends = Arc::clone(&ends);
        move |event: &Event<'_>| {
            let extra = event.measurements().iter();
            let extra = extra.filter(|(key, _)| *key != "duration");
            let extra: Vec<String> = extra
                .map(|(key, number)| format!("{key}={number}"))
                .collect();
            if event.name().rsplit('.').next() != Some("start") {
                let line = format!("{} {}", event.name(), extra.join(" "));
                ends.lock().unwrap().push(line);
            }
        }
    };
    let telemetry = Telemetry::isolated();
    telemetry
        .attach(Handler::new("ear", pattern, hear))
        .unwrap();
    telemetry.enter(code);
    telemetry.shutdown();
    ends.lock().unwrap().clone()
}

#[instrumented(event = "measured.sync.outer")]
fn outer() {
    measure("lines", 1);
    inner();
    measure("lines", 2);
    measure("bytes", 0.5);
}

#[instrumented(event = "measured.sync.inner")]
fn inner() {
    measure("lines", 7);
}

#[test]
fn a_measurement_is_that_of_the_innermost_call() {
    let ends = measured("measured.sync.**", outer);
    assert_eq!(
        ends,
        [
            "measured.sync.inner.stop lines=7",
            "measured.sync.outer.stop lines=2 bytes=0.5"
        ]
    );
}

#[instrumented(event = "measured.async")]
async fn later() {
    measure("first", 1);
    pause().await;
    measure("second", 2);
}

#[test]
fn what_is_measured_in_every_poll_is_told_at_the_end() {
    let ends = measured("measured.async.*", || run(later()));
    assert_eq!(ends, ["measured.async.stop first=1 second=2"]);
}

#[instrumented(event = "measured.made.future")]
fn makes_a_future(is_bad: bool) -> impl Future<Output = ()> {
    measure("making", 1);
    assert!(!is_bad, "as told");
    async { measure("running", 2) }
}

#[instrumented(event = "measured.made.caller")]
fn caller() {
    run(makes_a_future(false));
    let _ = catch_unwind(|| drop(makes_a_future(true)));
    measure("own", 3);
}

#[test]
fn what_is_measured_before_there_is_a_future_belongs_to_its_call() {
    let ends = measured("measured.made.**", caller);
    assert_eq!(
        ends,
        [
            "measured.made.future.stop making=1 running=2",
            "measured.made.future.exception making=1",
            "measured.made.caller.stop own=3",
        ]
    );
}

#[test]
fn futures_that_are_made_leave_no_measurements_behind() {
    measured("measured.made.**", || {
        (0..2_000).for_each(|_| drop(makes_a_future(false)));
    });
    let ends = measured("measured.made.**", caller);
    assert_eq!(ends.last().unwrap(), "measured.made.caller.stop own=3");
}

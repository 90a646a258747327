//! A span of tracing, as a handler hears it.

use std::{
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use gambeson::{Event, Handler, Telemetry};
use tracing::{Level, field, info_span, span};

use super::{hear_into, heard, set_up};

#[test]
fn a_span_is_a_start_and_a_stop() {
    let heard = heard("hyper.**", || {
        let outer = info_span!(target: "hyper::client", "connect", host = "a.b", port = 80);
        let _inside = outer.enter();
        span!(target: "hyper::dns", Level::TRACE, "GET name").in_scope(|| {});
    });
    assert_eq!(
        heard,
        [
            r#"hyper.client.connect.start port=80 level="INFO" target="hyper::client" host="a.b""#,
            r#"hyper.dns.GET_name.start level="TRACE" target="hyper::dns""#,
            r#"hyper.dns.GET_name.stop level="TRACE" target="hyper::dns""#,
            r#"hyper.client.connect.stop port=80 level="INFO" target="hyper::client" host="a.b""#,
        ]
    );
}

#[test]
fn the_stop_has_what_was_recorded_later() {
    let heard = heard("later.**", || {
        let span = info_span!(
            target: "later",
            "query",
            rows = field::Empty,
            sql = "select",
            state = "open",
        );
        span.record("rows", 5_u64);
        span.record("state", false);
        span.record("rows", 6_u64);
        let clone = span.clone();
        drop(span);
        clone.record("sql", 9.5);
    });
    assert_eq!(
        heard,
        [
            r#"later.query.start level="INFO" target="later" sql="select" state="open""#,
            r#"later.query.stop sql=9.5 rows=6 level="INFO" target="later" state=false"#,
        ]
    );
}

#[test]
fn a_handler_of_the_stop_alone_hears_all_fields() {
    let heard = heard("alone.call.stop", || {
        info_span!(target: "alone", "call", id = 1).in_scope(|| {});
    });
    assert_eq!(
        heard,
        [r#"alone.call.stop id=1 level="INFO" target="alone""#]
    );
}

/// Uses up time, and says how much.
fn work() -> f64 {
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(2) {}
    began.elapsed().as_secs_f64()
}

#[test]
fn the_time_in_a_span_is_told_apart_from_its_life() {
    set_up();
    let times = Arc::new(Mutex::new(Vec::new()));
    let noted = times.clone();
    let note = move |event: &Event<'_>| {
        let time = |key| event.number(key).unwrap();
        noted.lock().unwrap().push((time("duration"), time("busy")));
    };
    let telemetry = Telemetry::isolated();
    telemetry
        .attach(Handler::new("times", "timed.*.stop", note))
        .unwrap();
    let mut inside = 0.0;
    let mut outside = 0.0;
    telemetry.enter(|| {
        let span = info_span!(target: "timed", "twice");
        inside += span.in_scope(|| span.in_scope(work) + work());
        outside += work();
        // On another thread, but in no two at once.
        inside += thread::scope(|scope| scope.spawn(|| span.in_scope(work)).join().unwrap());
        outside += work();
    });
    telemetry.shutdown();
    let times = times.lock().unwrap();
    let [(duration, busy)] = times[..] else {
        panic!("one span was closed, not {times:?}");
    };
    assert!(busy >= inside, "{busy} in the span, of {inside}");
    assert!(duration - busy >= outside, "{duration} open, {busy} in it");
}

#[test]
fn a_span_from_before_is_not_told() {
    set_up();
    let events = Arc::default();
    let telemetry = Telemetry::isolated();
    let span = info_span!(target: "before", "call");
    telemetry
        .attach(Handler::new("ear", "before.**", hear_into(&events)))
        .unwrap();
    telemetry.enter(|| {
        span.record("nothing", 1);
        drop(span);
        drop(info_span!(target: "before", "second"));
    });
    let names: Vec<_> = events.lock().unwrap().clone();
    assert_eq!(
        names,
        [
            r#"before.second.start level="INFO" target="before""#,
            r#"before.second.stop level="INFO" target="before""#,
        ]
    );
}

#[test]
fn nobody_is_told_after_the_shutdown() {
    set_up();
    let events = Arc::default();
    let telemetry = Telemetry::isolated();
    telemetry
        .attach(Handler::new("ear", "ended.**", hear_into(&events)))
        .unwrap();
    telemetry.enter(|| {
        let span = info_span!(target: "ended", "call");
        telemetry.shutdown();
        span.in_scope(|| tracing::info!(target: "ended", "late"));
        drop(span);
    });
    let report = telemetry.report();
    assert_eq!(report.handler("ear").unwrap().matched, 1);
    assert_eq!(
        *events.lock().unwrap(),
        [r#"ended.call.start level="INFO" target="ended""#]
    );
}

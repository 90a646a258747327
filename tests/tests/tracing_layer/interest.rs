//! A callsite that no handler wants is off, whatever came first: the handler or the callsite.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use gambeson::{Handler, Telemetry};
use tracing::{
    Level, Metadata, callsite::DefaultCallsite, enabled, info, info_span, metadata::Kind,
};

use super::{hear_into, set_up};

const SECOND: Duration = Duration::from_secs(1);

/// Counts how often it is formatted.
#[derive(Default)]
struct Counting(AtomicUsize);

impl fmt::Debug for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fetch_add(1, Ordering::Relaxed);
        f.write_str("counted")
    }
}

impl Counting {
    fn log(&self) {
        info!(target: "interest::counted", value = ?self, "logged");
        drop(info_span!(target: "interest::counted", "span", value = ?self));
    }

    fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

#[test]
fn nothing_is_captured_unless_a_handler_wants_it() {
    set_up();
    let value = Counting::default();
    let telemetry = Telemetry::isolated();
    telemetry.enter(|| value.log());
    assert_eq!(value.take(), 0, "no handler");

    let other = Handler::new("other", "interest.other.**", |_: &_| {});
    telemetry.attach(other).unwrap();
    telemetry.enter(|| value.log());
    assert_eq!(value.take(), 0, "a handler of other events");

    let events = Arc::default();
    let ear = Handler::new("ear", "interest.counted.**", hear_into(&events));
    telemetry.attach(ear).unwrap();
    telemetry.enter(|| value.log());
    assert_eq!(value.take(), 2, "once for the event, once for the span");
    assert_eq!(events.lock().unwrap().len(), 3);

    telemetry.detach("ear", SECOND).unwrap();
    telemetry.enter(|| value.log());
    assert_eq!(value.take(), 0, "the handler is detached");

    let ear = Handler::new("ear", "interest.counted.event", hear_into(&events));
    telemetry.attach(ear).unwrap();
    telemetry.enter(|| value.log());
    assert_eq!(value.take(), 1, "attached again, for events alone");
    telemetry.shutdown();
    value.log();
    assert_eq!(value.take(), 0, "shut down");
    assert_eq!(events.lock().unwrap().len(), 4);
}

/// A callsite of which tracing's answer can be read.
static ASKED: DefaultCallsite = DefaultCallsite::new(&METADATA);

static METADATA: Metadata<'static> = tracing::metadata! {
    name: "asked",
    target: "interest",
    level: Level::INFO,
    fields: &["message"],
    callsite: &ASKED,
    kind: Kind::EVENT,
};

/// Whether tracing lets the callsite through, or asks at every event.
fn is_on() -> bool {
    !ASKED.interest().is_never()
}

#[test]
fn tracing_keeps_no_answer_from_another_time() {
    set_up();
    assert!(!is_on());
    let asking = || Handler::new("asking", "interest.asked", |_: &_| {});
    let telemetry = Telemetry::isolated();
    for _ in 0..3 {
        telemetry.attach(asking()).unwrap();
        assert!(is_on());
        telemetry.detach("asking", SECOND).unwrap();
        assert!(!is_on());
    }
    telemetry.attach(asking()).unwrap();
    let second = Telemetry::isolated();
    let all = Handler::new("all", "interest.*", |_: &_| {});
    second.attach(all).unwrap();
    drop(telemetry);
    assert!(is_on(), "the second telemetry has a handler still");
    drop(second);
    assert!(!is_on());
}

/// Whoever asks before logging gets the answer for events without a name.
#[test]
fn a_question_whether_events_are_on_is_answered() {
    set_up();
    let is_on = || enabled!(target: "interest::question", Level::INFO);
    assert!(!is_on());
    let telemetry = Telemetry::isolated();
    let handler = Handler::new("ear", "interest.question.event", |_: &_| {});
    telemetry.attach(handler).unwrap();
    assert!(is_on());
}

/// Threads attach and detach handlers of their own, and log from callsites they share.
#[test]
fn whoever_attached_hears_whatever_others_do() {
    set_up();
    let logs: [fn(); 4] = [
        || info!(target: "interest::storm::a", "a"),
        || info!(target: "interest::storm::b", "b"),
        || info!(target: "interest::storm::c", "c"),
        || info!(target: "interest::storm::d", "d"),
    ];
    let patterns = ["a", "b", "c", "d"].map(|name| format!("interest.storm.{name}.event"));
    std::thread::scope(|scope| {
        for (log, pattern) in logs.into_iter().zip(&patterns) {
            scope.spawn(move || {
                let telemetry = Telemetry::isolated();
                for round in 1..=200 {
                    let handler = Handler::new("ear", pattern, |_: &_| {});
                    telemetry.attach(handler).unwrap();
                    telemetry.enter(log);
                    telemetry.detach("ear", SECOND).unwrap();
                    telemetry.enter(log);
                    let report = telemetry.report();
                    assert_eq!(report.handler("ear").unwrap().handled, round);
                }
            });
        }
    });
}

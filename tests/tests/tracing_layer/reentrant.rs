//! Handlers that go through tracing themselves: heard by the layers beside ours, and by no handler
//! because of that.

use std::{sync::Arc, time::Duration};

use gambeson::{Event, Handler, Telemetry, defensive_handler, handler};
use gambeson_tests::{PATIENCE, wait_until};
use tracing::{Span, field, info, info_span};

use super::{beside::seen, hear_into, set_up};

#[test]
fn what_a_handler_logs_is_seen_once_by_others() {
    set_up();
    let events = Arc::default();
    let telemetry = Telemetry::isolated();
    let hear = hear_into(&events);
    let log = move |event: &Event<'_>| {
        hear(event);
        let _inside = info_span!(target: "beside::inner", "span").entered();
        info!(target: "beside::inner", "inside {}", event.name());
    };
    telemetry
        .attach(Handler::new("logging", "beside.inner.**", log))
        .unwrap();
    telemetry.enter(|| {
        let span = info_span!(target: "beside::inner", "outer");
        span.in_scope(|| info!(target: "beside::inner", "event"));
        drop(span);
        info!(target: "beside::inner", "after");
    });
    let report = telemetry.shutdown();
    let logging = report.handler("logging").unwrap();
    assert_eq!((logging.matched, logging.handled), (4, 4));
    assert_eq!(
        *events.lock().unwrap(),
        [
            r#"beside.inner.outer.start level="INFO" target="beside::inner""#,
            r#"beside.inner.event level="INFO" target="beside::inner" message="event""#,
            r#"beside.inner.outer.stop level="INFO" target="beside::inner""#,
            r#"beside.inner.event level="INFO" target="beside::inner" message="after""#,
        ]
    );
    let seen = seen("beside::inner");
    let count = |what| seen.iter().filter(|line| line.starts_with(what)).count();
    assert_eq!(count("event"), 2 + 4, "{seen:?}");
    assert_eq!(count("new"), 1 + 4, "{seen:?}");
    assert_eq!(count("close"), 1 + 4, "{seen:?}");
}

#[test]
fn a_handler_may_record_in_the_span_it_hears_of() {
    set_up();
    let events = Arc::default();
    let telemetry = Telemetry::isolated();
    let hear = hear_into(&events);
    let record = move |event: &Event<'_>| {
        hear(event);
        Span::current().record("heard", event.name());
    };
    telemetry
        .attach(Handler::new("recording", "recorded.**", record))
        .unwrap();
    telemetry.enter(|| {
        let span = info_span!(target: "recorded", "span", heard = field::Empty);
        span.in_scope(|| info!(target: "recorded", "event"));
    });
    assert_eq!(
        *events.lock().unwrap(),
        [
            r#"recorded.span.start level="INFO" target="recorded""#,
            r#"recorded.event level="INFO" target="recorded" message="event""#,
            r#"recorded.span.stop level="INFO" target="recorded" heard="recorded.event""#,
        ]
    );
}

#[test]
fn a_handler_may_attach_and_detach_others() {
    set_up();
    let telemetry = Arc::new(Telemetry::isolated());
    let events = Arc::default();
    let attach = {
        let (telemetry, events) = (telemetry.clone(), Arc::clone(&events));
        move |_: &Event<'_>| {
            let ear = Handler::new("ear", "attached.second.event", hear_into(&events));
            telemetry.attach(ear).unwrap();
        }
    };
    let detach = {
        let telemetry = telemetry.clone();
        move |_: &Event<'_>| {
            telemetry.detach("ear", Duration::from_secs(1)).unwrap();
        }
    };
    for handler in [
        Handler::new("attach", "attached.first.event", attach),
        Handler::new("detach", "attached.third.event", detach),
    ] {
        telemetry.attach(handler).unwrap();
    }
    telemetry.enter(|| {
        let second = || info!(target: "attached::second", "heard?");
        second();
        info!(target: "attached::first", "");
        second();
        info!(target: "attached::third", "");
        second();
    });
    assert_eq!(
        *events.lock().unwrap(),
        [r#"attached.second.event level="INFO" target="attached::second" message="heard?""#]
    );
    let report = telemetry.shutdown();
    assert_eq!(report.handler("detach").unwrap().handled, 1, "{report}");
}

#[defensive_handler(on = "queued.**")]
async fn log_queued(event: &Event<'_>) {
    let span = info_span!(target: "queued", "handler");
    tokio::task::yield_now().await;
    span.in_scope(|| info!(target: "queued", "heard {}", event.name()));
}

#[test]
fn an_async_handler_does_not_hear_itself() {
    set_up();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let telemetry = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .runtime(runtime.handle().clone())
        .handler(handler!(log_queued))
        .start()
        .unwrap();
    telemetry.enter(|| info!(target: "queued", "first"));
    let handled = || telemetry.report().handler("log_queued").unwrap().handled;
    wait_until("the first event is handled", PATIENCE, || handled() == 1);
    telemetry.enter(|| info!(target: "queued", "second"));
    let report = telemetry.shutdown();
    let counts = report.handler("log_queued").unwrap();
    assert_eq!((counts.matched, counts.handled), (2, 2));
}

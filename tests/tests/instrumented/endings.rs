//! A call starts once, and then it stops or is an exception, once, however it ends.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, panic_any},
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Waker},
    time::Instant,
};

use gambeson::{Event, Handler, Telemetry, instrumented};

use super::{heard, pause, run};

const STARTED_AND_STOPPED: [&str; 2] = ["end.sync.start", "end.sync.stop"];

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{0} is too much")]
struct TooMuch(u32);

#[derive(Debug, PartialEq)]
struct Payload(&'static str);

#[instrumented(event = "end.sync")]
fn halve(number: u32) -> Result<u32, TooMuch> {
    if number == 0 {
        return Ok(0);
    }
    if number == 13 {
        panic_any(Payload("thirteen"));
    }
    let checked = check(number)?;
    Ok(checked / 2)
}

fn check(number: u32) -> Result<u32, TooMuch> {
    if number > 100 {
        Err(TooMuch(number))
    } else {
        Ok(number)
    }
}

#[instrumented(event = "end.later")]
async fn halve_later(number: u32) -> Result<u32, TooMuch> {
    pause().await;
    if number == 13 {
        panic_any(Payload("thirteen"));
    }
    let checked = check(number)?;
    pause().await;
    Ok(checked / 2)
}

#[instrumented(event = "end.plain")]
fn plain(panics: bool) {
    assert!(!panics, "as it was asked to");
}

/// The payload of a panic in `code`.
fn panics<R>(code: impl FnOnce() -> R) -> Payload {
    let payload = catch_unwind(AssertUnwindSafe(code)).err().unwrap();
    *payload.downcast().unwrap()
}

#[test]
fn a_returned_value_is_a_stop() {
    let (value, events) = heard("end.sync.*", || halve(8));
    assert_eq!(
        (value, events),
        (Ok(4), STARTED_AND_STOPPED.map(String::from).into())
    );
    let (value, events) = heard("end.sync.*", || halve(0));
    assert_eq!(
        (value, events),
        (Ok(0), STARTED_AND_STOPPED.map(String::from).into())
    );
    let (value, events) = heard("end.later.*", || run(halve_later(8)));
    assert_eq!(
        (value, events),
        (
            Ok(4),
            vec!["end.later.start".into(), "end.later.stop".into()]
        )
    );
}

#[test]
fn an_error_is_an_exception() {
    let told = r#"exception kind="error" reason="unexpected" error="200 is too much""#;
    let (value, events) = heard("end.sync.*", || halve(200));
    assert_eq!(value, Err(TooMuch(200)));
    assert_eq!(
        events,
        ["end.sync.start".into(), format!("end.sync.{told}")]
    );
    let (value, events) = heard("end.later.*", || run(halve_later(200)));
    assert_eq!(value, Err(TooMuch(200)));
    assert_eq!(
        events,
        ["end.later.start".into(), format!("end.later.{told}")]
    );
}

#[test]
fn a_panic_is_an_exception_and_goes_on_unchanged() {
    let (payload, events) = heard("end.sync.*", || panics(|| halve(13)));
    assert_eq!(payload, Payload("thirteen"));
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[1].starts_with(r#"end.sync.exception kind="panic" reason="unexpected""#));
    let (payload, events) = heard("end.later.*", || panics(|| run(halve_later(13))));
    assert_eq!(payload, Payload("thirteen"));
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[1].starts_with(r#"end.later.exception kind="panic" reason="unexpected""#));
}

#[test]
fn a_failed_assertion_is_told_with_its_reason() {
    let ((), events) = heard("end.plain.*", || plain(false));
    assert_eq!(events, ["end.plain.start", "end.plain.stop"]);
    let (result, events) = heard("end.plain.*", || catch_unwind(|| plain(true)));
    assert!(result.is_err());
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(
        events[1].contains(r#"error="as it was asked to""#),
        "{events:?}"
    );
}

#[test]
fn a_future_that_is_dropped_between_its_polls_was_cancelled() {
    let ((), events) = heard("end.later.*", || {
        let mut future = Box::pin(halve_later(8));
        let polled = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
    });
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[1].starts_with(r#"end.later.exception kind="cancelled" reason="cancelled""#));
}

#[test]
fn a_future_that_is_never_polled_does_not_begin() {
    let ((), events) = heard("end.later.*", || drop(halve_later(8)));
    assert_eq!(events, [""; 0]);
}

#[test]
fn a_call_without_handlers_ends_as_it_does_with_them() {
    assert_eq!(halve(200), Err(TooMuch(200)));
    assert_eq!(run(halve_later(8)), Ok(4));
    assert_eq!(panics(|| halve(13)), Payload("thirteen"));
    assert_eq!(panics(|| run(halve_later(13))), Payload("thirteen"));
}

#[test]
fn the_duration_is_that_of_the_body() {
    #[instrumented(event = "end.timed")]
    fn timed() -> f64 {
        let began = Instant::now();
        while began.elapsed().as_nanos() == 0 {}
        began.elapsed().as_secs_f64()
    }
    let duration = Arc::new(Mutex::new(None));
    let note = {
        let duration = duration.clone();
        move |event: &Event<'_>| *duration.lock().unwrap() = event.number("duration").ok()
    };
    let telemetry = Telemetry::isolated();
    telemetry
        .attach(Handler::new("clock", "end.timed.stop", note))
        .unwrap();
    let began = Instant::now();
    let inner = telemetry.enter(timed);
    let outer = began.elapsed().as_secs_f64();
    let duration = duration.lock().unwrap().take().unwrap();
    assert!(
        inner <= duration && duration <= outer,
        "{inner} <= {duration} <= {outer}"
    );
}

#[test]
fn a_call_that_begins_while_a_thread_unwinds_stops() {
    struct Calls;
    impl Drop for Calls {
        fn drop(&mut self) {
            plain(false);
        }
    }
    let (result, events) = heard("end.plain.*", || {
        catch_unwind(|| {
            let _calls = Calls;
            panic_any(Payload("while unwinding"));
        })
    });
    assert!(result.is_err());
    assert_eq!(events, ["end.plain.start", "end.plain.stop"]);
}

#[test]
fn what_a_future_owns_is_dropped_before_its_call_ends() {
    struct PanicsInDrop;
    impl Drop for PanicsInDrop {
        fn drop(&mut self) {
            panic_any(Payload("in drop"));
        }
    }
    #[instrumented(event = "end.owner", skip_all)]
    async fn owner(owned: PanicsInDrop) -> u32 {
        pause().await;
        let _owned = &owned;
        5
    }
    let (payload, events) = heard("end.owner.*", || {
        panics(|| {
            let mut future = pin!(owner(PanicsInDrop));
            run(&mut future)
        })
    });
    assert_eq!(payload, Payload("in drop"));
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(
        events[1].starts_with(r#"end.owner.exception kind="panic""#),
        "{events:?}"
    );
}

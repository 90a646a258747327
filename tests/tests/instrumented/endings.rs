//! A call starts once, and then it stops or is an exception, once, however it ends.

use std::{
    panic::panic_any,
    pin::pin,
    sync::{Arc, Mutex},
    time::Instant,
};

use gambeson::{Event, Handler, Telemetry, instrumented};

use super::{heard, pause, run, thrown};

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
fn a_call_without_handlers_ends_as_it_does_with_them() {
    assert_eq!(halve(200), Err(TooMuch(200)));
    assert_eq!(run(halve_later(8)), Ok(4));
    assert_eq!(thrown::<Payload, _>(|| halve(13)), Payload("thirteen"));
    assert_eq!(
        thrown::<Payload, _>(|| run(halve_later(13))),
        Payload("thirteen")
    );
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
        thrown::<Payload, _>(|| {
            let mut future = pin!(owner(PanicsInDrop));
            run(&mut future)
        })
    });
    assert_eq!(payload, Payload("in drop"));
    let unknown = "a panic whose message the panic hook was not shown";
    assert_eq!(
        events,
        [
            "end.owner.start".to_owned(),
            format!(r#"end.owner.exception kind="panic" reason="unexpected" error="{unknown}""#)
        ]
    );
}

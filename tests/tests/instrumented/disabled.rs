//! Calls that nobody is told of: no event, and no value is asked what it is.

use std::cell::Cell;

use gambeson::{Handler, Telemetry, instrumented};

use super::{configured, pause, run, seen::unseen, values::Asked};

#[instrumented(event = "disabled.sync", fields(now = asked.now()), err(Debug), ret)]
fn sync<'a>(asked: &'a Asked<'a>) -> Result<&'a Asked<'a>, &'a Asked<'a>> {
    Ok(asked)
}

#[instrumented(event = "disabled.later", fields(now = asked.now()), err(Debug), ret)]
async fn later<'a>(asked: &'a Asked<'a>) -> Result<&'a Asked<'a>, &'a Asked<'a>> {
    pause().await;
    Err(asked)
}

/// How often a value is asked for by one call of each.
fn asked() -> u32 {
    let times = Cell::new(0);
    let asked = Asked(&times);
    unseen(|| {
        assert!(sync(&asked).is_ok());
        assert!(run(later(&asked)).is_err());
    });
    times.get()
}

fn listening() -> Telemetry {
    let telemetry = Telemetry::isolated();
    let ear = Handler::new("ear", "disabled.**", |_| ());
    telemetry.attach(ear).unwrap();
    telemetry
}

fn heard_by(telemetry: &Telemetry) -> u64 {
    telemetry.report().handler("ear").unwrap().matched
}

#[test]
fn without_a_handler_and_after_its_end() {
    let telemetry = listening();
    assert_eq!(
        telemetry.enter(asked),
        3,
        "for the events: each field, and the error of one call"
    );
    assert_eq!(heard_by(&telemetry), 4);
    telemetry.shutdown();
    assert_eq!(telemetry.enter(asked), 0, "after the shutdown");
    assert_eq!(heard_by(&telemetry), 4);
    assert_eq!(asked(), 0, "without a telemetry");
}

#[test]
fn while_the_config_says_so() {
    let telemetry = configured("[telemetry]\nenabled = false");
    telemetry
        .attach(Handler::new("ear", "disabled.**", |_| ()))
        .unwrap();
    telemetry.enter(asked);
    let ear = telemetry.report().handler("ear").unwrap().clone();
    assert_eq!((ear.matched, ear.handled), (0, 0));
}

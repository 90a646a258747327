//! Quarantine and budget of handlers off the emitter's thread.

use std::time::{Duration, Instant};

use gambeson::{
    Config, Event, Handler, HandlerState, Quarantine, defensive_handler, emit, handler,
};
use gambeson_tests::{PATIENCE, tally, wait_until};

use crate::{configured, door, runtime, served_by, started};

/// Decided when the turn has come: what was queued before the quarantine is refused by it.
#[test]
fn too_many_failures_quarantine_it() {
    let config = Config::default()
        .with_quarantine_after(3, Duration::from_secs(60))
        .with_cooldown(Duration::from_secs(60), Duration::from_secs(60));
    let fails = Handler::new("fails", "judged.failed", |event| {
        match event.number("luck") {
            Ok(_) => Ok(()),
            Err(_) => Err("no luck"),
        }
    });
    let telemetry = configured(config, fails.queue(16));
    telemetry.enter(|| (0..5).for_each(|_| emit!("judged.failed")));
    telemetry.flush(PATIENCE).unwrap();
    let report = telemetry.report();
    let counts = report.handler("fails").unwrap();
    assert_eq!(counts.state, HandlerState::Quarantined);
    assert_eq!(
        tally(&report, "fails"),
        "5 = 0 handled + 2 quarantined + 3 unexpected"
    );
    telemetry.reset("fails").unwrap();
    telemetry.enter(|| emit!("judged.failed", { luck = 1 }));
    telemetry.flush(PATIENCE).unwrap();
    assert_eq!(
        tally(&telemetry.report(), "fails"),
        "6 = 1 handled + 2 quarantined + 3 unexpected"
    );
}

/// The time of a call begins with its turn: waiting is no part of it.
#[test]
fn a_budget_is_for_the_call_alone() {
    let (door, keeper) = door();
    let waits = Handler::new("waits", "judged.timed", move |event| {
        if event.number("slow").is_ok() {
            door.pass();
        }
    });
    let budget = Duration::from_secs(1);
    let telemetry = started(waits.budget(budget).quarantine(Quarantine::OFF).queue(8));
    telemetry.enter(|| {
        emit!("judged.timed", { slow = 1 });
        emit!("judged.timed");
    });
    keeper.wait();
    let begun = Instant::now();
    wait_until("the budget is used up", PATIENCE, || {
        begun.elapsed() > budget
    });
    keeper.let_in(1);
    telemetry.flush(PATIENCE).unwrap();
    let report = telemetry.report();
    assert_eq!(report.handler("waits").unwrap().over_budget, 1, "{report}");
    assert_eq!(tally(&report, "waits"), "2 = 2 handled");
}

/// How long a call of [`lingers`] may take.
const BUDGET: Duration = Duration::from_millis(20);

#[defensive_handler(on = "judged.lingering", budget = "20ms")]
async fn lingers(_: &Event<'_>) {
    let begun = Instant::now();
    while begun.elapsed() <= BUDGET {
        tokio::task::yield_now().await;
    }
}

/// The time of an async call is that from its turn to its end. Slow calls are failures, though each is
/// handled.
#[test]
fn slow_calls_quarantine_an_async_handler() {
    let config = Config::default()
        .with_quarantine_after(3, Duration::from_secs(60))
        .with_cooldown(Duration::from_secs(60), Duration::from_secs(60));
    let runtime = runtime(1);
    let builder = served_by(&runtime).config(config);
    let telemetry = builder.handler(handler!(lingers)).start().unwrap();
    telemetry.enter(|| (0..5).for_each(|_| emit!("judged.lingering")));
    telemetry.flush(PATIENCE).unwrap();
    let report = telemetry.report();
    let counts = report.handler("lingers").unwrap();
    assert_eq!(counts.over_budget, 3, "{report}");
    assert_eq!(counts.state, HandlerState::Quarantined);
    assert_eq!(tally(&report, "lingers"), "5 = 3 handled + 2 quarantined");
}

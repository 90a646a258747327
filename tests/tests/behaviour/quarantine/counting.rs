//! What counts against a handler, and for which one.

use std::time::Instant;

use gambeson::{Outcome, defensive_handler, handler};

use super::*;
use crate::boom;

/// Handled calls, all of them, and yet too slow.
#[test]
fn calls_over_the_budget_count() {
    let spin = |_: &Event<'_>| {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_micros(1) {}
    };
    let slow = || Handler::new("till", "shop.opened", spin);
    let telemetry = started_with(config(2, LONG), [slow().budget(Duration::ZERO)]);
    let outcomes = [(); 3].map(|()| call(&telemetry));
    assert_eq!(outcomes, [None, None, QUARANTINED]);
    let report = telemetry.report();
    assert_eq!(tally(&report, "till"), "3 = 2 handled + 1 quarantined");
    assert_eq!(report.handler("till").unwrap().over_budget, 2);

    let telemetry = started_with(config(2, LONG), [slow()]);
    assert_eq!([(); 3].map(|()| call(&telemetry)), [None; 3]);
}

#[test]
fn panics_and_errors_count_as_one_run() {
    let failures = AtomicU64::new(0);
    let by_turns = Handler::new("till", "shop.opened", move |_| {
        let failure = failures.fetch_add(1, Ordering::SeqCst);
        assert!(failure.is_multiple_of(2), "boom");
        Err::<(), _>("broken")
    });
    let telemetry = started_with(config(4, LONG), [by_turns]);
    let outcomes = [(); 5].map(|()| call(&telemetry));
    assert_eq!(outcomes[..4], [UNEXPECTED; 4]);
    assert_eq!(outcomes[4], QUARANTINED);
}

/// A handler may say itself that something else has turned it off, and that is no failure.
#[test]
fn a_policy_that_the_handler_tells_does_not_count() {
    let says = |reason: SkipReason| {
        Handler::new("till", "shop.opened", move |_| -> Outcome<()> {
            Outcome::Skipped(reason.into())
        })
    };
    let telemetry = started_with(config(1, LONG), [says(SkipReason::Disabled)]);
    assert_eq!(
        [(); 10].map(|()| call(&telemetry)),
        [Some(SkipReason::Disabled); 10]
    );
    assert_eq!(state(&telemetry), HandlerState::Attached);

    let telemetry = started_with(config(1, LONG), [says(SkipReason::TimedOut)]);
    assert_eq!(call(&telemetry), Some(SkipReason::TimedOut));
    assert_eq!(call(&telemetry), QUARANTINED);
}

#[defensive_handler(on = "shop.shared")]
fn shared(event: &Event<'_>) {
    if event.text("broken").is_ok() {
        boom(event);
    }
}

#[defensive_handler]
fn shared_in_place(is_broken: bool) {
    assert!(!is_broken, "boom");
}

/// One annotated function, two telemetries: each has a quarantine of its own.
#[test]
fn a_quarantine_is_one_telemetrys() {
    let start = || started_with(config(1, LONG), [handler!(shared).into()]);
    let (ill, well) = (start(), start());
    let broken = [("broken", gambeson::Value::Text("yes"))];
    ill.emit("shop.shared", &[], &broken).unwrap();
    ill.enter(|| shared_in_place(true));
    for telemetry in [&ill, &well] {
        telemetry.emit("shop.shared", &[], &[]).unwrap();
        telemetry.enter(|| shared_in_place(false));
    }
    for handler in ["shared", "shared_in_place"] {
        let of_the_ill = tally(&ill.report(), handler);
        assert_eq!(of_the_ill, "2 = 0 handled + 1 quarantined + 1 unexpected");
        assert_eq!(tally(&well.report(), handler), "1 = 1 handled");
    }
}

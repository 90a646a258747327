//! A quarantine that somebody orders.

use super::*;
use crate::started;

fn calm() -> Handler {
    Handler::new("till", "shop.opened", |_| ())
}

#[test]
fn a_quarantine_by_hand_lasts_as_long_as_was_said() {
    let (telemetry, clock) = driven(Config::default(), [calm()]);
    telemetry.quarantine("till", LONG).unwrap();
    assert_eq!(state(&telemetry), HandlerState::QuarantinedByHand);
    clock.advance(LONG.saturating_sub(Duration::from_nanos(1)));
    assert_eq!(call(&telemetry), QUARANTINED);
    clock.advance(Duration::from_nanos(1));
    assert_eq!(call(&telemetry), None, "the probe");
    assert_eq!(state(&telemetry), HandlerState::Attached);
    let counts = tally(&telemetry.report(), "till");
    assert_eq!(counts, "2 = 1 handled + 1 quarantined");
}

#[test]
fn it_holds_for_a_handler_that_is_never_quarantined_by_itself() {
    let (telemetry, clock) = driven(Config::default(), [calm().quarantine(Quarantine::OFF)]);
    telemetry.quarantine("till", LONG).unwrap();
    assert_eq!(call(&telemetry), QUARANTINED);
    clock.advance(LONG);
    assert_eq!(call(&telemetry), None);
    assert_eq!(state(&telemetry), HandlerState::Attached);
}

/// On the system's clock, on the way of almost every call.
#[test]
fn without_end_it_lasts_until_the_reset() {
    let telemetry = started([calm()]);
    telemetry.quarantine("till", Duration::MAX).unwrap();
    telemetry.enter(|| (0..10).for_each(|_| gambeson::emit!("shop.opened")));
    telemetry.reset("till").unwrap();
    telemetry.enter(|| gambeson::emit!("shop.opened"));
    let counts = tally(&telemetry.report(), "till");
    assert_eq!(counts, "11 = 1 handled + 10 quarantined");
}

/// Also while it is quarantined already, and whatever a pause says.
#[test]
fn it_replaces_what_was_before() {
    let broken = Arc::new(AtomicBool::new(true));
    let (telemetry, clock) = driven(config(1, Duration::from_secs(1)), [switched(&broken)]);
    assert_eq!(call(&telemetry), UNEXPECTED);
    telemetry.quarantine("till", LONG).unwrap();
    clock.advance(Duration::from_secs(2));
    assert_eq!(call(&telemetry), QUARANTINED);
    telemetry.pause("till").unwrap();
    assert_eq!(call(&telemetry), Some(SkipReason::Disabled));
    telemetry.resume("till").unwrap();
    telemetry.quarantine("till", Duration::ZERO).unwrap();
    broken.store(false, Ordering::SeqCst);
    assert_eq!(call(&telemetry), None);
}

#[test]
fn it_is_shown() {
    let telemetry = started([calm()]);
    telemetry.quarantine("till", LONG).unwrap();
    let health = telemetry.health();
    assert_eq!(
        health.to_string(),
        "telemetry is degraded\nhandler till is down: quarantined by hand\n"
    );
    let report = telemetry.report();
    let line = report.to_string();
    assert!(
        line.contains("till     quarantined by hand        0         0   -\n"),
        "{line}"
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["handlers"][0]["state"], "quarantined_by_hand");
}

#[test]
fn a_wrong_name_is_told() {
    let telemetry = started([calm()]);
    let error = telemetry.quarantine("tills", LONG).unwrap_err();
    assert!(error.to_string().contains("till"), "{error}");
}

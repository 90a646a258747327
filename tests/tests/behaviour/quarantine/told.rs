//! What handlers are told of handlers and of the telemetry.

use std::sync::mpsc::{Receiver, channel};

use gambeson::{defensive_handler, emit};

use super::*;
use crate::{boom, started};

/// A handler that keeps the events it hears of.
fn ear(pattern: &str) -> (Handler, Receiver<String>) {
    let (sender, told) = channel();
    let tell = move |event: &Event<'_>| sender.send(event.to_string());
    (Handler::new("ear", pattern, tell), told)
}

fn told(told: &Receiver<String>) -> Vec<String> {
    told.try_iter()
        .map(|event| event.replace("gambeson.handler.", ""))
        .collect()
}

const FAILED: &str =
    r#"skipped handler="till" reason="unexpected" class="bug" event="shop.opened""#;

/// Each change once, and in its order.
#[test]
fn every_change_of_a_quarantine_is_told() {
    let (ear, events) = ear("gambeson.handler.*");
    let broken = Arc::new(AtomicBool::new(true));
    let second = Duration::from_secs(1);
    let config = Config::default()
        .with_quarantine_after(2, LONG)
        .with_cooldown(second, LONG);
    let (telemetry, clock) = driven(config, [ear, switched(&broken)]);
    let opened = || telemetry.enter(|| emit!("shop.opened"));
    opened();
    opened();
    assert_eq!(
        told(&events),
        [
            FAILED,
            FAILED,
            r#"quarantined cooldown=1 handler="till" by="failures""#
        ]
    );
    opened();
    let skipped = FAILED.replace("unexpected", "quarantined");
    assert_eq!(told(&events), [skipped.replace("bug", "policy")]);
    clock.advance(second);
    opened();
    assert_eq!(
        told(&events),
        [
            r#"half_open handler="till""#,
            FAILED,
            r#"quarantined cooldown=2 handler="till" by="failures""#
        ]
    );
    broken.store(false, Ordering::SeqCst);
    clock.advance(2 * second);
    opened();
    assert_eq!(
        told(&events),
        [
            r#"half_open handler="till""#,
            r#"readmitted handler="till""#
        ]
    );
    telemetry.quarantine("till", LONG).unwrap();
    telemetry.reset("till").unwrap();
    telemetry.reset("till").unwrap();
    assert_eq!(
        told(&events),
        [
            r#"quarantined cooldown=3600 handler="till" by="hand""#,
            r#"readmitted handler="till""#
        ]
    );
    assert_eq!(
        tally(&telemetry.report(), "till"),
        "5 = 1 handled + 1 quarantined + 3 unexpected"
    );
}

/// On the way of almost every skip, too: what is counted without a look at anything else is told
/// as soon as somebody listens.
#[test]
fn skips_are_told_as_soon_as_somebody_listens() {
    let telemetry = started([Handler::new("till", "shop.opened", |_| ())]);
    telemetry.quarantine("till", LONG).unwrap();
    let opened = || telemetry.enter(|| emit!("shop.opened"));
    opened();
    let (ear, events) = ear("gambeson.handler.skipped");
    telemetry.attach(ear).unwrap();
    opened();
    opened();
    assert_eq!(told(&events).len(), 2);
    telemetry.detach("ear", PATIENCE).unwrap();
    opened();
    assert_eq!(told(&events).len(), 0);
    assert_eq!(
        tally(&telemetry.report(), "till"),
        "4 = 0 handled + 4 quarantined"
    );
}

/// Calls in place have no event.
#[test]
fn a_skip_of_a_function_is_told() {
    #[defensive_handler(name = "in_place_told")]
    fn in_place() {
        panic!("boom");
    }
    let (ear, events) = ear("gambeson.handler.skipped");
    let telemetry = started([ear]);
    telemetry.enter(in_place);
    assert_eq!(
        told(&events),
        [r#"skipped handler="in_place_told" reason="unexpected" class="bug" event=-"#]
    );
}

/// A handler of these events that always fails, and is let through again at once, hears of each
/// skip of others once and of its own never.
#[test]
fn a_failing_handler_of_them_does_not_loop() {
    let config = Config::default()
        .with_quarantine_after(1, LONG)
        .with_cooldown(Duration::ZERO, Duration::ZERO);
    let till = Handler::new("till", "shop.opened", boom).quarantine(Quarantine::OFF);
    let ears = ["a", "b"].map(|name| Handler::new(name, "gambeson.handler.*", boom));
    let telemetry = started_with(config, [till].into_iter().chain(ears));
    telemetry.enter(|| (0..10).for_each(|_| emit!("shop.opened")));
    let report = telemetry.report();
    for handler in ["till", "a", "b"] {
        assert_eq!(tally(&report, handler), "10 = 0 handled + 10 unexpected");
    }
}

/// A handler of these events that emits what fails is inside itself then.
#[test]
fn a_handler_of_them_that_emits_what_fails_does_not_loop() {
    let till = Handler::new("till", "shop.opened", boom).quarantine(Quarantine::OFF);
    let again = Handler::new("again", "gambeson.handler.skipped", |_| {
        emit!("shop.opened");
    });
    let telemetry = started([till, again]);
    telemetry.enter(|| emit!("shop.opened"));
    let report = telemetry.report();
    assert_eq!(tally(&report, "till"), "2 = 0 handled + 2 unexpected");
    assert_eq!(tally(&report, "again"), "2 = 1 handled + 1 reentrant");
}

#[test]
fn phases_are_told_that_anybody_can_hear_of() {
    let (ear, events) = ear("gambeson.phase");
    let telemetry = started([ear]);
    telemetry.shutdown();
    assert_eq!(
        told(&events),
        [
            r#"gambeson.phase phase="running" previous="starting""#,
            r#"gambeson.phase phase="draining" previous="running""#
        ]
    );
}

/// A shutdown is not stopped by a handler of its phase that fails.
#[test]
fn a_failing_handler_of_phases_hurts_nobody() {
    let telemetry = started([Handler::new("ear", "gambeson.phase", boom)]);
    let report = telemetry.shutdown();
    assert_eq!(tally(&report, "ear"), "2 = 0 handled + 2 unexpected");
}

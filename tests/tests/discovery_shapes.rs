//! Handlers of every signature are run, and what they return is judged by its type.

use std::fmt::Debug;

use gambeson::{Event, Outcome, Resource, SkipReason, Telemetry, Value, defensive_handler, emit};

static LEDGER: Resource<String> = Resource::new("ledger");

type Answer = Result<(), &'static str>;
type Nothing = ();

#[defensive_handler(on = "shape.a")]
fn returns_nothing(event: &Event<'_>) {
    assert!(event.number("amount").is_ok());
}

#[expect(clippy::unused_unit, reason = "it is what is shown")]
#[defensive_handler(on = "shape.a")]
fn returns_a_written_unit(event: &Event<'_>) -> () {
    assert!(event.number("amount").is_ok());
}

#[defensive_handler(on = "shape.a")]
fn returns_an_alias_of_nothing(event: &Event<'_>) -> Nothing {
    assert!(event.number("amount").is_ok());
}

#[defensive_handler(on = "shape.a")]
fn returns_an_alias(event: &Event<'_>) -> Answer {
    event.number("amount").map(drop).map_err(|_| "no amount")
}

#[defensive_handler(on = "shape.a")]
fn returns_an_outcome(event: &Event<'_>) -> Outcome<()> {
    match event.number("amount") {
        Ok(_) => Outcome::Handled(()),
        Err(_) => Outcome::Skipped(SkipReason::TimedOut.into()),
    }
}

#[defensive_handler(on = "shape.a", classify = overloaded)]
fn has_a_classifier(event: &Event<'_>) -> Answer {
    returns_an_alias(event)
}

fn overloaded(_: &&'static str) -> SkipReason {
    SkipReason::Overloaded
}

#[defensive_handler(on = "shape.a")]
fn borrows_its_error<'event>(event: &'event Event<'event>) -> Result<(), &'event str> {
    match event.metadata() {
        [(_, Value::Text(text)), ..] => Err(text),
        _ => Ok(()),
    }
}

#[defensive_handler(on = "shape.a")]
fn names_a_lifetime<'event>(event: &'event Event<'_>) {
    let event: &'event Event<'_> = event;
    assert!(event.number("amount").is_ok());
}

#[defensive_handler(on = "shape.a")]
fn takes_anything(event: &impl Debug) {
    assert!(format!("{event:?}").contains("amount"));
}

#[defensive_handler(on = "shape.a", needs(LEDGER))]
fn holds(event: &Event<'_>) -> Answer {
    returns_an_alias(event)
}

#[defensive_handler(on = "shape.a")]
fn is_lent(event: &Event<'_>, #[needs(LEDGER)] ledger: &str) -> Answer {
    assert_eq!(ledger, "sales");
    returns_an_alias(event)
}

#[test]
fn each_is_judged_by_its_type() {
    let telemetry = Telemetry::builder().isolated().start().unwrap();
    let ledger = LEDGER.provide("sales".to_owned());
    telemetry.enter(|| {
        emit!("shape.a", { amount = 3 });
        emit!("shape.a", {}, { city = "Lyon" });
    });
    drop(ledger);
    let report = telemetry.shutdown();
    let (contract, unexpected) = (SkipReason::ContractViolation, SkipReason::Unexpected);
    for (name, reason) in [
        ("returns_nothing", contract),
        ("returns_a_written_unit", contract),
        ("returns_an_alias_of_nothing", contract),
        ("returns_an_alias", unexpected),
        ("returns_an_outcome", SkipReason::TimedOut),
        ("has_a_classifier", SkipReason::Overloaded),
        ("borrows_its_error", unexpected),
        ("names_a_lifetime", contract),
        ("takes_anything", contract),
        ("holds", unexpected),
        ("is_lent", unexpected),
    ] {
        let handler = report.handler(name).unwrap();
        assert_eq!((handler.matched, handler.handled), (2, 1), "{name}");
        assert_eq!(handler.skips, [(reason, 1)].into(), "{name}");
    }
}

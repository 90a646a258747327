//! Handlers that wait for each other.

use gambeson::{AttachError, Event, OrderError, StartError, Telemetry, defensive_handler};

#[defensive_handler(on = "discovery.cycle", after(second))]
fn first(event: &Event<'_>) {
    let _ = event.name();
}

#[defensive_handler(on = "discovery.cycle", after("third"))]
fn second(event: &Event<'_>) {
    let _ = event.name();
}

#[defensive_handler(on = "discovery.cycle", after(first))]
fn third(event: &Event<'_>) {
    let _ = event.name();
}

#[defensive_handler(on = "discovery.cycle", after(third))]
fn beside(event: &Event<'_>) {
    let _ = event.name();
}

#[test]
fn start_names_the_way_round_and_attaches_nothing() {
    let error = Telemetry::builder().start().unwrap_err();
    let StartError::Attach(AttachError::Order(OrderError::Cycle { path })) = &error else {
        panic!("{error:?}")
    };
    let names: Vec<&str> = path
        .iter()
        .filter_map(|name| name.strip_prefix("discovery_cycle::"))
        .collect();
    let (last, round) = names.split_last().unwrap();
    assert_eq!(round.first(), Some(last));
    let start = round.iter().position(|name| *name == "first").unwrap();
    let round: Vec<&str> = round[start..]
        .iter()
        .chain(&round[..start])
        .copied()
        .collect();
    assert_eq!(round, ["first", "second", "third"], "{error}");
    // A start that failed leaves the place free for one that does not.
    let builder = Telemetry::builder();
    let telemetry = builder.filter(|name| !name.ends_with("second")).start();
    assert_eq!(
        telemetry.unwrap().handlers(),
        [
            "discovery_cycle::first",
            "discovery_cycle::third",
            "discovery_cycle::beside"
        ]
    );
}

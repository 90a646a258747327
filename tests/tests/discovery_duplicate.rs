//! Two crates that call a handler by the same name.

use gambeson::{
    AttachError, Event, OrderError, StartError, Telemetry, attach_crate, defensive_handler,
};

attach_crate!(gambeson_plugin);
attach_crate!(gambeson_rival);

#[defensive_handler(on = "plugin.**")]
fn bystander(event: &Event<'_>) {
    let _ = event.name();
}

#[test]
fn start_names_both_places() {
    let error = Telemetry::builder().start().unwrap_err();
    let StartError::Attach(AttachError::Order(OrderError::Duplicate {
        name,
        first,
        second,
    })) = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(name, "gambeson_plugin::from_the_plugin");
    let mut places = [first.as_str(), second.as_str()];
    places.sort_unstable();
    let [plugin, rival] = places;
    assert!(
        plugin.starts_with("tests/fixtures/plugin/src/lib.rs:"),
        "{plugin}"
    );
    assert!(
        rival.starts_with("tests/fixtures/rival/src/lib.rs:"),
        "{rival}"
    );
    for part in [name, first, second] {
        assert!(error.to_string().contains(part.as_str()), "{error}");
    }
}

#[test]
fn a_filter_that_leaves_both_out_lets_the_others_start() {
    let builder = Telemetry::builder().isolated();
    let started = builder.filter(|name| !name.contains("plugin")).start();
    assert_eq!(
        started.unwrap().handlers(),
        ["discovery_duplicate::bystander"]
    );
}

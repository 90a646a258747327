//! `attach_crate!` links the crate that no code names, and its handlers are found.

use gambeson::{HandlerState, Telemetry, attach_crate, emit, expect_handlers};

attach_crate!(gambeson_plugin);
expect_handlers!["gambeson_plugin::from_the_plugin"];

#[test]
fn the_plugins_handler_is_attached_and_reported() {
    let telemetry = Telemetry::builder().start().unwrap();
    assert_eq!(telemetry.handlers(), ["gambeson_plugin::from_the_plugin"]);
    emit!("plugin.opened");
    emit!("other.opened");
    let report = telemetry.report();
    let handler = report.handler("from_the_plugin").unwrap();
    assert_eq!(handler.state, HandlerState::Attached);
    assert_eq!((handler.matched, handler.handled), (1, 1));
    let place = "tests/fixtures/plugin/src/lib.rs:";
    assert!(handler.source.starts_with(place), "{}", handler.source);
}

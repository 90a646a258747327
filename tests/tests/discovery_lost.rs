//! A registration that the linker lost: the plugin is a dependency, but no code names it.

use gambeson::{Event, StartError, Telemetry, defensive_handler, expect_handlers};

#[defensive_handler(on = "discovery.**")]
fn nearby(event: &Event<'_>) {
    let _ = event.name();
}

expect_handlers!["nearby", "gambeson_plugin::from_the_plugin"];
expect_handlers!["from_the_plugin", "near"];

/// Expected names are whole or their last segments, so `near` is lost too.
#[test]
fn start_names_what_is_lost() {
    let error = Telemetry::builder().start().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the registrations of `from_the_plugin`, `gambeson_plugin::from_the_plugin`, `near` are \
         missing: name their crate with `gambeson::attach_crate!(..)`, or the linker leaves it out"
    );
    let StartError::Lost { names, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(names.len(), 3);
}

#[test]
fn an_isolated_start_is_as_strict() {
    let started = Telemetry::builder().isolated().filter(|_| false).start();
    assert!(matches!(started, Err(StartError::Lost { .. })));
}

#[test]
fn without_registered_handlers_there_is_nothing_to_lose() {
    assert_eq!(Telemetry::isolated().handlers(), [""; 0]);
}

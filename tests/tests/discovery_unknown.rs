//! A handler that names another one wrongly.

use gambeson::{
    AttachError, Event, NameError, OrderError, StartError, Telemetry, defensive_handler,
};

#[defensive_handler(on = "discovery.unknown")]
fn audit_order(event: &Event<'_>) {
    let _ = event.name();
}

#[defensive_handler(on = "discovery.unknown", after("audit_odrer"))]
fn record(event: &Event<'_>) {
    let _ = event.name();
}

#[test]
fn start_names_who_asks_and_the_nearest_name() {
    let error = Telemetry::builder().isolated().start().unwrap_err();
    assert_eq!(
        error.to_string(),
        "handler `discovery_unknown::record` wants to be after another: no handler is called \
         `audit_odrer`; did you mean `discovery_unknown::audit_order`?"
    );
    let StartError::Attach(AttachError::Order(OrderError::Name {
        error: NameError::Unknown { name, nearest },
        ..
    })) = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(name, "audit_odrer");
    assert_eq!(nearest.as_deref(), Some("discovery_unknown::audit_order"));
}

//! A filter chooses among the registered handlers by their full names.

use gambeson::{Event, Handler, Telemetry, defensive_handler, emit};

mod billing {
    use super::*;

    #[defensive_handler(on = "discovery.filter", after("audit"))]
    fn record(event: &Event<'_>) {
        let _ = event.name();
    }
}

mod safety {
    use super::*;

    #[defensive_handler(on = "discovery.filter", name = "safety.audit")]
    fn audit(event: &Event<'_>) {
        let _ = event.name();
    }
}

#[test]
fn it_sees_full_names() {
    let builder = Telemetry::builder().isolated();
    let telemetry = builder.filter(|name| name == "safety.audit").start();
    assert_eq!(telemetry.unwrap().handlers(), ["safety.audit"]);
}

#[test]
fn what_it_leaves_out_may_be_named_and_is_not_counted() {
    let builder = Telemetry::builder().isolated();
    let telemetry = builder
        .filter(|name| name.starts_with("discovery_filter::billing"))
        .start()
        .unwrap();
    assert_eq!(telemetry.handlers(), ["discovery_filter::billing::record"]);
    telemetry.enter(|| emit!("discovery.filter"));
    let report = telemetry.shutdown();
    assert_eq!(report.handler("record").unwrap().handled, 1);
    assert!(report.handler("safety.audit").is_none());
}

#[test]
fn it_has_no_say_in_what_is_attached_by_hand() {
    let by_hand = Handler::new("by hand", "discovery.filter", |_| ());
    let builder = Telemetry::builder().isolated();
    let telemetry = builder.filter(|_| false).handler(by_hand).start().unwrap();
    assert_eq!(telemetry.handlers(), ["by hand"]);
}

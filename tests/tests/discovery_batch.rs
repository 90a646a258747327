//! The handlers of a module with `#[defensive_handlers]` are found, each with what it says.

#![deny(warnings)]

use gambeson::{SkipReason, Telemetry, defensive_handlers, emit, handler};

#[defensive_handlers]
mod desk {
    use std::fmt;

    use gambeson::{Event, FieldError, Resource, defensive_handler};

    pub(crate) static LEDGER: Resource<Vec<u32>> = Resource::new("ledger");

    #[defensive_handler(on = "desk.*")]
    pub(crate) fn audit(event: &Event<'_>) {
        assert_ne!(event.name(), "desk.closed");
    }

    pub(crate) const LIMITS: [u8; 2] = {
        let mut limits = [1; 2];
        limits[1] += 1;
        limits
    };

    #[gambeson::defensive_handler(on("desk.opened", "desk.sold"), after(audit))]
    fn total(event: &Event<'_>, #[needs(LEDGER)] _: &Vec<u32>) -> Result<(), FieldError> {
        event.number("amount").map(drop)
    }

    #[cfg(any())]
    #[defensive_handler(on = "desk.*")]
    fn not_here(event: &Event<'_>) {
        gone::from_here(event);
    }

    #[deprecated = "nobody opens a desk"]
    #[defensive_handler(on = "desk.opened", before(self::drawer::lock))]
    pub(super) fn open(_: &Event<'_>) {}

    #[defensive_handler(fallback = 0)]
    pub(crate) fn share(of: u8) -> u8 {
        100 / of
    }

    pub(crate) mod drawer {
        use super::{Event, defensive_handler};

        #[defensive_handler(on = "desk.**")]
        pub(crate) fn lock(_: &Event<'_>) {}
    }

    impl fmt::Display for Till {
        #[defensive_handler(fallback = Err(fmt::Error))]
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a till")
        }
    }

    pub(crate) struct Till;
}

#[test]
fn each_is_attached_in_order_and_handles_its_events() {
    let telemetry = Telemetry::builder().isolated().start().unwrap();
    assert_eq!(
        telemetry.handlers(),
        [
            "discovery_batch::desk::audit",
            "discovery_batch::desk::open",
            "discovery_batch::desk::drawer::lock",
            "discovery_batch::desk::total",
        ]
    );
    let provided = desk::LEDGER.provide(Vec::new());
    telemetry.enter(|| {
        emit!("desk.opened", { amount = 3 });
        emit!("desk.sold");
        emit!("desk.closed");
        assert_eq!((desk::share(4), desk::share(0)), (25, 0));
        assert_eq!(desk::Till.to_string(), "a till");
    });
    drop(provided);
    let report = telemetry.shutdown();
    let counts = |name| {
        let handler = report.handler(name).unwrap();
        (handler.matched, handler.handled, handler.skips.clone())
    };
    let contract = SkipReason::ContractViolation;
    assert_eq!(counts("desk::audit"), (3, 2, [(contract, 1)].into()));
    assert_eq!(counts("desk::total"), (2, 1, [(contract, 1)].into()));
    assert_eq!(counts("desk::open"), (1, 1, [].into()));
    assert_eq!(counts("desk::drawer::lock"), (3, 3, [].into()));
    assert_eq!(counts("desk::share"), (2, 1, [(contract, 1)].into()));
    assert_eq!(counts("fmt"), (1, 1, [].into()));
    assert_eq!(desk::LIMITS, [1, 2]);
}

#[test]
fn one_is_attached_by_hand_too() {
    let telemetry = Telemetry::isolated();
    telemetry.attach(handler!(desk::audit)).unwrap();
    assert_eq!(telemetry.handlers(), ["discovery_batch::desk::audit"]);
}

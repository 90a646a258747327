//! The order of attachment: dependencies first, ties by name, whatever order the linker has; and
//! detachment in the exact reverse.

use gambeson::{Event, Telemetry, defensive_handler};

macro_rules! handlers {
    ($($name:ident($($option:tt)*))*) => {$(
        #[defensive_handler(on = "discovery.order", $($option)*)]
        fn $name(event: &Event<'_>) {
            let _ = event.name();
        }
    )*};
}

handlers! {
    zebra(before("yak", adder))
    yak()
    newt(after("discovery_order::yak"))
    mole(name = "animals::mole")
    lynx(after(mole))
    bear(name = "animals::bear", before(mole))
    adder()
}

/// `animals::` come first by name, `adder` waits for `zebra`, and the rest goes by name.
const ORDER: [&str; 7] = [
    "animals::bear",
    "animals::mole",
    "discovery_order::lynx",
    "discovery_order::zebra",
    "discovery_order::adder",
    "discovery_order::yak",
    "discovery_order::newt",
];

#[test]
fn a_hundred_starts_have_one_order_and_its_reverse() {
    let mut reverse = ORDER.to_vec();
    reverse.reverse();
    for _ in 0..100 {
        let telemetry = Telemetry::builder().isolated().start().unwrap();
        assert_eq!(telemetry.handlers(), ORDER);
        let report = telemetry.shutdown();
        let names: Vec<&str> = report
            .shutdown
            .iter()
            .flat_map(|shutdown| &shutdown.detached)
            .map(String::as_str)
            .collect();
        assert_eq!(names, reverse);
    }
}

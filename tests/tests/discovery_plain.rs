//! Functions that are defended where they are called are known by name before their first call.

use gambeson::{Config, HandlerState, SkipReason, Telemetry, defensive_handler};

struct Till(u32);
struct Ledger(u32);

impl Till {
    #[defensive_handler(fallback = 0)]
    fn total(&self) -> u32 {
        self.0
    }
}

impl Ledger {
    #[defensive_handler(fallback = 0)]
    fn total(&self) -> u32 {
        self.0
    }
}

#[defensive_handler(name = "stock", fallback = 0)]
fn stock() -> u32 {
    3
}

fn warnings(config: &str) -> Vec<String> {
    let config = Config::parse(config).expect("a config");
    let telemetry = Telemetry::builder().isolated().config(config).start();
    telemetry.expect("a start").report().warnings
}

const NAMESAKES: &str = "defended functions share the name `discovery_plain::total`: \
    at tests/tests/discovery_plain.rs:10 and at tests/tests/discovery_plain.rs:17; \
    give each a `name = \"..\"`";

#[test]
fn namesakes_are_told() {
    assert_eq!(warnings(""), [NAMESAKES]);
}

#[test]
fn a_rule_may_name_one_and_is_held_to_it() {
    let rule = |name: &str| format!("[[telemetry.rule]]\nhandler = \"{name}\"\nenabled = false");
    assert_eq!(warnings(&rule("stock")), [NAMESAKES]);
    let [wrong, _] = &warnings(&rule("stokc"))[..] else {
        panic!("two warnings")
    };
    assert!(wrong.contains("did you mean `stock`?"), "{wrong}");
    let config = Config::parse(&rule("stock")).unwrap();
    let telemetry = Telemetry::builder()
        .isolated()
        .config(config)
        .start()
        .unwrap();
    assert_eq!(telemetry.enter(stock), 0);
    let report = telemetry.report();
    assert_eq!(
        report
            .handler("stock")
            .unwrap()
            .skipped(SkipReason::Disabled),
        1
    );
}

/// Both are about events, which a call in place is not.
#[test]
fn neither_enabled_nor_a_sample_turns_a_function_off() {
    for config in [
        "[telemetry]\nenabled = false",
        "[[telemetry.rule]]\nsample = 0.0",
    ] {
        let config = Config::parse(config).unwrap();
        let telemetry = Telemetry::builder()
            .isolated()
            .config(config)
            .start()
            .unwrap();
        assert_eq!(telemetry.enter(stock), 3);
        let report = telemetry.report();
        let counts = report.handler("stock").unwrap();
        assert_eq!((counts.state, counts.handled), (HandlerState::Plain, 1));
    }
}

#[test]
fn a_shutdown_ends_it_as_it_ends_a_registered_one() {
    let telemetry = Telemetry::isolated();
    assert_eq!(telemetry.enter(stock), 3);
    let report = telemetry.shutdown();
    assert_eq!(
        report.handler("stock").unwrap().state,
        HandlerState::Detached
    );
    assert_eq!(telemetry.enter(stock), 0);
    let report = telemetry.report();
    assert_eq!(
        report
            .handler("stock")
            .unwrap()
            .skipped(SkipReason::ShuttingDown),
        1
    );
}

#[test]
fn methods_of_one_name_are_counted_apart() {
    let telemetry = Telemetry::isolated();
    assert_eq!(telemetry.enter(|| Till(1).total() + Ledger(2).total()), 3);
    let report = telemetry.report();
    assert_eq!(
        report
            .handlers
            .iter()
            .filter(|handler| handler.handled == 1)
            .count(),
        2
    );
    for name in ["total", "discovery_plain::total"] {
        assert_eq!(
            telemetry.pause(name).unwrap_err().to_string(),
            "several handlers are called `discovery_plain::total`; give each a `name = \"..\"`"
        );
    }
}

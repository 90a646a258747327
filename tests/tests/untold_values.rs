//! What the rate limit holds back of the values of calls is counted, and told in the end.
//!
//! A binary of its own: calls of instrumented functions are no telemetry's own, so the first one
//! that ends in the process tells what was held back of them.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use gambeson::{Config, Telemetry, instrumented};
use gambeson_tests::Records;

#[instrumented(event = "untold.brewed")]
fn brew(cups: u32) -> u32 {
    cups
}

/// Both ends of each call, with the values that they have.
#[test]
fn values_of_calls_are_told_within_the_limit() {
    let records = Records::new();
    records.capture(|| {
        let config = Config::default().with_debug(true).with_debug_log_rate(2, 1);
        let telemetry = Telemetry::builder().isolated().filter(|_| false);
        let telemetry = telemetry.config(config).start().unwrap();
        telemetry.enter(|| (0..50).for_each(|cups| _ = brew(cups)));
    });
    let told = records.saying("call started").len() + records.saying("call ended").len();
    assert_eq!(told, 2);
    let summaries = records.saying("records that were not told");
    assert_eq!(summaries.len(), 1, "{summaries:?}");
    assert_eq!(summaries[0].field("about"), Some("values of calls"));
    assert_eq!(summaries[0].field("suppressed"), Some("98"));
}

//! Other attributes of a defended function mean what they mean without it.

use gambeson::{Skip, SkipReason, defensive_handler};

use super::{handled, skipped};

#[inline]
#[must_use = "a price is for somebody"]
#[defensive_handler(fallback = 0)]
fn priced(by: u32) -> u32 {
    #![allow(clippy::let_and_return)]
    let price = 100_000 / by;
    price
}

#[test]
fn around_and_inside() {
    assert_eq!(handled("priced", || priced(10)), 10_000);
    let reason = SkipReason::ContractViolation;
    assert_eq!(skipped("priced", reason, || priced(0)), 0);
}

#[cfg(any())]
#[defensive_handler]
fn absent() -> Missing {}

#[cfg_attr(not(any()), defensive_handler(fallback = "elsewhere"))]
fn conditionally(here: bool) -> &'static str {
    assert!(here);
    "here"
}

#[cfg_attr(any(), defensive_handler(fallback = "elsewhere"))]
fn unconditionally(here: bool) -> &'static str {
    assert!(here);
    "here"
}

#[test]
fn conditional_ones() {
    let reason = SkipReason::ContractViolation;
    assert_eq!(
        skipped("conditionally", reason, || conditionally(false)),
        "elsewhere"
    );
    std::panic::catch_unwind(|| unconditionally(false)).expect_err("it has no defence");
}

#[deprecated = "use `priced`"]
#[defensive_handler]
fn old() -> Result<u32, Skip> {
    Ok(1)
}

#[test]
#[expect(
    deprecated,
    reason = "the attribute must be told as without the defence"
)]
fn deprecation_is_told() {
    assert_eq!(handled("old", old).unwrap(), 1);
}

#[defensive_handler(fallback = 0)]
#[expect(unused_variables, reason = "an argument that is not used is told")]
fn unused(number: u32) -> u32 {
    1
}

#[defensive_handler(fallback = 0)]
#[expect(unused_variables, reason = "an argument that is not used is told")]
async fn unused_async(number: u32) -> u32 {
    1
}

#[defensive_handler(fallback = 0)]
#[expect(unused_mut, reason = "a `mut` that is not needed is told")]
fn unneeded(mut number: u32) -> u32 {
    number
}

#[defensive_handler(fallback = 0)]
#[expect(unused_mut, reason = "a `mut` that is not needed is told")]
async fn unneeded_async(mut number: u32) -> u32 {
    number
}

/// The `expect`s above fail the build when a lint does not fire.
#[test]
fn lints_fire_as_without_it() {
    assert_eq!(handled("unused", || unused(2)), 1);
    assert_eq!(handled("unneeded", || unneeded(2)), 2);
    assert_eq!(handled("unused_async", || super::run(unused_async(2))), 1);
    assert_eq!(
        handled("unneeded_async", || super::run(unneeded_async(2))),
        2
    );
}

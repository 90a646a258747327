//! Functions that `macro_rules` makes, with the attribute inside and outside of the macro.

use gambeson::{SkipReason, defensive_handler};

use super::{handled, run, skipped};

macro_rules! divisions {
    ($($(#[$attribute:meta])* $name:ident($number:ident: $type:ty) -> $returns:ty $body:block)*) => {$(
        $(#[$attribute])*
        fn $name($number: $type) -> $returns $body
    )*};
}

divisions! {
    #[defensive_handler(fallback = 0)]
    hundred_by(number: u32) -> u32 {
        100 / number
    }
}

macro_rules! defended {
    ($name:ident, $fallback:expr, $handler:literal, |$argument:ident: $type:ty| $body:expr) => {
        #[defensive_handler(fallback = $fallback, name = $handler)]
        fn $name($argument: $type) -> $type {
            let local = $argument;
            $body / local
        }
    };
}

defended!(thousand_by, 7, "thousands", |number: u64| 1000 + number
    - number);

macro_rules! method {
    ($self:ident, $name:ident, $body:expr) => {
        #[defensive_handler(fallback = 0)]
        async fn $name(&$self, by: u32) -> u32 {
            $body / by
        }
    };
}

struct Till(u32);

impl Till {
    method!(self, coins_by, self.0);
}

#[test]
fn an_attribute_that_passes_through_a_macro() {
    assert_eq!(handled("hundred_by", || hundred_by(4)), 25);
    let reason = SkipReason::ContractViolation;
    assert_eq!(skipped("hundred_by", reason, || hundred_by(0)), 0);
}

#[test]
fn an_attribute_that_a_macro_writes() {
    assert_eq!(handled("thousands", || thousand_by(4)), 250);
    let reason = SkipReason::ContractViolation;
    assert_eq!(skipped("thousands", reason, || thousand_by(0)), 7);
}

#[test]
fn a_method_with_the_callers_self() {
    assert_eq!(handled("coins_by", || run(Till(9).coins_by(3))), 3);
    let reason = SkipReason::ContractViolation;
    assert_eq!(skipped("coins_by", reason, || run(Till(9).coins_by(0))), 0);
}

//! Lints of the user's own code fire, and can be silenced, where they are without the attribute.

#![deny(unfulfilled_lint_expectations)]

use gambeson::{Event, Outcome, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
#[expect(unused_variables)]
fn unused(event: &Event<'_>) {
    #[expect(unused_must_use)]
    {
        skipped();
    }
}

#[defensive_handler]
#[expect(unused_assignments)]
fn skipped() -> Outcome<u32> {
    let mut number = 1;
    number = 2;
    #[expect(unreachable_code)]
    {
        return Outcome::Handled(number);
        loop {}
    }
}

#[defensive_handler(fallback = 0)]
async fn shadowed(
    #[expect(unused_variables)] number: u32,
    #[expect(unused_mut)] mut other: u32,
) -> u32 {
    other
}

#[defensive_handler]
#[expect(dead_code)]
fn nobody_calls() {}

#[defensive_handler(fallback = 0)]
#[expect(non_snake_case)]
fn camelCase() -> u32 {
    1
}

#[expect(deprecated)]
fn main() {
    let _ = (unused, shadowed, skipped().is_handled());
    camelCase();
    old();
}

#[deprecated]
#[defensive_handler]
fn old() {}

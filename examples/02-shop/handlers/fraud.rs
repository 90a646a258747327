//! The fraud check: points of risk for each order, with a real bug.
//!
//! Its table was written when cards ended in 0 to 8. A card that ends in 9 indexes past its end
//! and panics, on the thread that places the order. The order is placed all the same.

use std::sync::atomic::{AtomicU64, Ordering};

use gambeson::{Event, FieldError, defensive_handler};

/// Points of risk by the last digit of the card.
const RISK_BY_DIGIT: [u64; 9] = [0, 1, 1, 3, 0, 2, 8, 1, 5];

static CHECKED: AtomicU64 = AtomicU64::new(0);
static RISK: AtomicU64 = AtomicU64::new(0);

/// Adds an order's risk to the day's.
#[defensive_handler(on = "shop.order.stop")]
pub(crate) fn check_for_fraud(event: &Event<'_>) -> Result<(), FieldError> {
    let card = event.text("card_ending")?;
    let digit = card
        .bytes()
        .last()
        .map_or(0, |byte| byte.wrapping_sub(b'0'));
    let points = RISK_BY_DIGIT[usize::from(digit)];
    CHECKED.fetch_add(1, Ordering::Relaxed);
    RISK.fetch_add(points, Ordering::Relaxed);
    Ok(())
}

/// How many orders were checked.
pub(crate) fn checked() -> u64 {
    CHECKED.load(Ordering::Relaxed)
}

/// The risk of all orders that were checked.
pub(crate) fn risk() -> u64 {
    RISK.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use gambeson::{SkipReason, Telemetry, Value, handler};

    use super::*;

    #[test]
    fn a_card_that_ends_in_nine_is_a_contained_contract_violation() {
        let telemetry = Telemetry::isolated();
        telemetry.attach(handler!(check_for_fraud)).unwrap();
        let metadata = [("card_ending", Value::Text("4299"))];
        let outcome = telemetry.call(
            "check_for_fraud",
            &Event::new("shop.order.stop", &[], &metadata),
        );
        assert_eq!(outcome.reason(), Some(SkipReason::ContractViolation));
    }
}

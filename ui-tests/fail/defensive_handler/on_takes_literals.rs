use gambeson::{Event, defensive_handler};

const ORDERS: &str = "shop.order.*";

#[defensive_handler(on(ORDERS, "shop.opened", 5))]
fn audit(_: &Event<'_>) {}

fn main() {
    let _ = (audit, ORDERS);
}

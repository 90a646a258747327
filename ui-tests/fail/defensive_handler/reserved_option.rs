use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*", flag = "audit")]
fn audit(_: &Event<'_>) {}

fn main() {
    let _ = audit;
}

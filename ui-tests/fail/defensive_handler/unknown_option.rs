use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*", nmae = "audit")]
fn audit(_: &Event<'_>) {}

fn main() {
    let _ = audit;
}

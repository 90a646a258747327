use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.start")]
#[defensive_handler(on = "shop.order.stop")]
fn audit(_: &Event<'_>) {}

fn main() {
    let _ = audit;
}

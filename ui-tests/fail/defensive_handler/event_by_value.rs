use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
fn audit(_: Event<'_>) {}

fn main() {
    let _ = audit;
}

use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &mut Event<'_>) {}

fn main() {
    let _ = audit;
}

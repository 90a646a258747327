use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*" budget = "5ms")]
fn audit(_: &Event<'_>) {}

fn main() {
    let _ = audit;
}

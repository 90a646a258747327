use gambeson::{Event, defensive_handler, handler};

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>) {}

fn main() {
    let _ = handler!(audit());
    let _ = handler!(|_| ());
}

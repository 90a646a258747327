use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>) {}

gambeson::expect_handlers![audit];

fn main() {}

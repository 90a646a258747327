use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*", after(audit))]
fn record(_: &Event<'_>) {}

fn main() {
    let _ = record;
}

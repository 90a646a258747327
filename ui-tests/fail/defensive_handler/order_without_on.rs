use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>) {}

#[defensive_handler(after(audit), before("record"))]
fn refresh() {}

fn main() {
    refresh();
}

use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*", queue = 0)]
fn audit(_: &Event<'_>) {}

#[defensive_handler(on = "shop.order.*", queue = -1)]
fn record(_: &Event<'_>) {}

#[defensive_handler(on = "shop.order.*", queue = "64")]
async fn mail(_: &Event<'_>) {}

#[defensive_handler(on = "shop.order.*", queue)]
fn count(_: &Event<'_>) {}

fn main() {
    let _ = (audit, record, mail, count);
}

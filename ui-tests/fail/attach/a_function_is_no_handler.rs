use gambeson::{Event, Telemetry, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>) {}

fn main() {
    let telemetry = Telemetry::isolated();
    let _ = telemetry.attach(audit);
}

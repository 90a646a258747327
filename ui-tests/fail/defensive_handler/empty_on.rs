use gambeson::{Event, defensive_handler, handler};

#[defensive_handler(on())]
fn audit(_: &Event<'_>) {}

fn main() {
    let _ = handler!(audit);
}

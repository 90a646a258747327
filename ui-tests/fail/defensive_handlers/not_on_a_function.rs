use gambeson::{Event, defensive_handlers};

#[defensive_handlers]
fn audit(_: &Event<'_>) {}

fn main() {
    let _ = audit;
}

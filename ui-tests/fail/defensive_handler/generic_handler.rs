use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
fn audit<T, const N: usize>(_: &Event<'_>) {}

fn main() {
    let _ = audit::<u8, 1>;
}

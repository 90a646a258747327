use std::cell::Cell;

use gambeson::{Event, Resource, defensive_handler};

static TILL: Resource<Cell<u8>> = Resource::new("till");

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>, #[needs(TILL)] till: &Cell<u8>) {
    till.set(1);
}

fn main() {
    let _ = audit;
}

use gambeson::{Event, Resource, defensive_handler};

static LEDGER: Resource<u8> = Resource::new("ledger");

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>, #[needs(LEDGER)] _: &mut u8) {}

fn main() {
    let _ = audit;
    drop(LEDGER.lease());
}

use gambeson::{Event, Resource, defensive_handler};

static LEDGER: Resource<u8> = Resource::new("ledger");

#[defensive_handler(on = "shop.order.*")]
fn audit(#[needs(LEDGER)] _: &Event<'_>) {}

fn main() {
    let _ = audit;
    drop(LEDGER.lease());
}

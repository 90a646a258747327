use gambeson::{Event, Resource, defensive_handler};

static LEDGER: Resource<Vec<u8>> = Resource::new("ledger");

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>, #[needs(LEDGER)] ledger: &String) {
    let _ = ledger;
}

fn main() {
    let _ = audit;
}

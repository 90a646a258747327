use gambeson::{Event, Resource, defensive_handler};

static LEDGER: Resource<u8> = Resource::new("ledger");
static STOCK: Resource<u8> = Resource::new("stock");

#[defensive_handler(on = "shop.order.*")]
fn audit(
    _: &Event<'_>,
    #[needs(LEDGER, STOCK)] _: &u8,
    #[needs] _: &u8,
    #[needs(LEDGER)]
    #[needs(STOCK)]
    _: &u8,
) {
}

fn main() {
    let _ = audit;
    drop((LEDGER.lease(), STOCK.lease()));
}

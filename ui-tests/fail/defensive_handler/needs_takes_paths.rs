use gambeson::{Resource, defensive_handler};

static LEDGER: Resource<u8> = Resource::new("ledger");

#[defensive_handler(needs(LEDGER, &LEDGER))]
fn refresh() {}

#[defensive_handler(needs = LEDGER)]
fn refill() {}

fn main() {
    refresh();
    refill();
    drop(LEDGER.lease());
}

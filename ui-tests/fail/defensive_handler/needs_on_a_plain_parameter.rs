use gambeson::{Resource, defensive_handler};

static LEDGER: Resource<u8> = Resource::new("ledger");

#[defensive_handler]
fn refresh(#[needs(LEDGER)] _: &u8) {}

fn main() {
    refresh(&1);
    drop(LEDGER.lease());
}

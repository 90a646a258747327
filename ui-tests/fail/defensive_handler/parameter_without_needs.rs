use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>, ledger: &u8) {
    let _ = ledger;
}

fn main() {
    let _ = audit;
}

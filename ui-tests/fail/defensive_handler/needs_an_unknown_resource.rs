use gambeson::{Event, defensive_handler};

#[defensive_handler(needs(LEDGER))]
fn refresh() {}

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>, #[needs(LEDGER)] _: &u8) {}

fn main() {
    refresh();
    let _ = audit;
}

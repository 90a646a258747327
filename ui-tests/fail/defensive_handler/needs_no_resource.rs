use gambeson::defensive_handler;

static LEDGER: u8 = 1;

#[defensive_handler(needs(LEDGER))]
fn refresh() {}

fn main() {
    refresh();
}

use gambeson::{Outcome, Skip, defensive_handler};

#[defensive_handler]
fn total() -> Result<u32, Skip> {
    "three"
}

#[defensive_handler]
async fn totals() -> Outcome<u32> {
    "three"
}

#[defensive_handler]
fn refresh() {
    3
}

fn main() {
    let _ = total();
    drop(totals());
    refresh();
}

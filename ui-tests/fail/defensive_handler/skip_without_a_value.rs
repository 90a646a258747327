use gambeson::defensive_handler;

#[defensive_handler]
fn total(tills: u32) -> u32 {
    100 / tills
}

#[defensive_handler]
async fn totals(tills: u32) -> Vec<u32> {
    vec![100 / tills]
}

fn main() {
    total(3);
    drop(totals(3));
}

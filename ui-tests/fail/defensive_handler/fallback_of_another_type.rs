use gambeson::defensive_handler;

#[defensive_handler(fallback = "none")]
fn total() -> u32 {
    1
}

#[defensive_handler(fallback = |skip| skip.to_string())]
async fn totals() -> Vec<u32> {
    vec![1]
}

fn main() {
    total();
    drop(totals());
}

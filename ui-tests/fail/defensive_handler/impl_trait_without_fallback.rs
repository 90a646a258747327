use gambeson::defensive_handler;

#[defensive_handler]
fn tills() -> impl Iterator<Item = u32> {
    0..3
}

fn main() {
    tills().count();
}

use gambeson::defensive_handler;

#[defensive_handler(fallback = 0)]
const fn tills() -> u32 {
    3
}

const TILLS: u32 = tills();

fn main() {
    let _ = TILLS;
}

use gambeson::defensive_handler;

fn tills() -> u32 {
    3
}

#[defensive_handler(available = tills)]
fn refresh() {}

fn main() {
    refresh();
}

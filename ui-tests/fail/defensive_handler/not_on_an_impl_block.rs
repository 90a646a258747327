use gambeson::defensive_handler;

struct Till;

#[defensive_handler]
impl Till {
    fn open(&self) {}
}

fn main() {
    Till.open();
}

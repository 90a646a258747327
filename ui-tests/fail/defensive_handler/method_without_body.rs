use gambeson::defensive_handler;

trait Opens {
    #[defensive_handler]
    fn open(&self);
}

impl Opens for u8 {
    fn open(&self) {}
}

fn main() {
    1_u8.open();
}

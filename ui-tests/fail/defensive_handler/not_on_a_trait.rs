use gambeson::defensive_handler;

#[defensive_handler]
trait Opens {
    fn open(&self);
}

impl Opens for u8 {
    fn open(&self) {}
}

fn main() {
    1_u8.open();
}

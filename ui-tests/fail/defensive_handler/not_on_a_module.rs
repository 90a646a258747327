use gambeson::defensive_handler;

#[defensive_handler]
mod tills {
    pub fn open() {}
}

fn main() {
    tills::open();
}

use gambeson::defensive_handler;

#[defensive_handler(name = refresh)]
fn refresh() {}

fn main() {
    refresh();
}

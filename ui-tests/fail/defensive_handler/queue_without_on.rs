use gambeson::defensive_handler;

#[defensive_handler(queue = 64)]
fn refresh() {}

fn main() {
    refresh();
}

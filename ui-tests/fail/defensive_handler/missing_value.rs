use gambeson::defensive_handler;

#[defensive_handler(budget)]
fn refresh() {}

fn main() {
    refresh();
}

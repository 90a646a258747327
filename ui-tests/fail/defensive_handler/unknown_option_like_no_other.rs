use gambeson::defensive_handler;

#[defensive_handler(colour = "red")]
fn refresh() {}

fn main() {
    refresh();
}

use gambeson::defensive_handler;

#[defensive_handler(on = "shop.order.*")]
fn audit() {}

fn main() {
    audit();
}

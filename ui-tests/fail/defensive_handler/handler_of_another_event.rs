use gambeson::defensive_handler;

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &String) {}

fn main() {
    let _ = audit;
}

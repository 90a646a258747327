use gambeson::defensive_handler;

#[defensive_handler(fallback = 0)]
fn total(order: &Order) -> u32 {
    order.
}

struct Order {
    amount: u32,
}

fn main() {
    total(&Order { amount: 1 });
}

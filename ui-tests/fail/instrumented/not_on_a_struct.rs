use gambeson::instrumented;

#[instrumented]
struct Order;

fn main() {
    let _ = Order;
}

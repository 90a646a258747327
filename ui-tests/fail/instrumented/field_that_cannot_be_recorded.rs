use gambeson::instrumented;

struct Order;

#[instrumented(skip_all, fields(order, plain = order, shown = %order, debugged = ?order))]
fn place(order: Order) {
    drop(order);
}

fn main() {
    place(Order);
}

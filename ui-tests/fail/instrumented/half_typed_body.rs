use gambeson::instrumented;

struct Order {
    id: u32,
}

#[instrumented(fields(id = order.))]
fn place(order: Order) -> u32 {
    order.id
}

#[instrumented]
fn cancel(order: Order) -> u32 {
    order.
}

fn main() {
    place(Order { id: 1 });
    cancel(Order { id: 1 });
}

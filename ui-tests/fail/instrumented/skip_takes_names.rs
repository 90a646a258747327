use gambeson::instrumented;

#[instrumented(skip(order.id, "card"))]
fn place(order: u32, card: u32) -> u32 {
    order + card
}

#[instrumented(skip = order)]
fn cancel(order: u32) -> u32 {
    order
}

fn main() {
    place(cancel(1), 2);
}

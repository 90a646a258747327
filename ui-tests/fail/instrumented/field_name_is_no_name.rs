use gambeson::instrumented;

#[instrumented(fields(1 = order, = order))]
fn place(order: u32) -> u32 {
    order
}

#[instrumented(fields = order)]
fn cancel(order: u32) -> u32 {
    order
}

fn main() {
    place(cancel(1));
}

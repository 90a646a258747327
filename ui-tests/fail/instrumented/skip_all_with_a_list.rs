use gambeson::instrumented;

#[instrumented(skip_all(order))]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

use gambeson::instrumented;

#[instrumented(fields(id = order total = 1))]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

use gambeson::instrumented;

#[instrumented(crate = "gambeson")]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

use gambeson::instrumented;

#[instrumented(defend)]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

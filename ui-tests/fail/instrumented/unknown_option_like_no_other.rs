use gambeson::instrumented;

#[instrumented(colour = "red")]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

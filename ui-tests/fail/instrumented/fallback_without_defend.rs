use gambeson::instrumented;

#[instrumented(fallback = 0)]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

use gambeson::instrumented;

#[instrumented(defend, fallback = "none")]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

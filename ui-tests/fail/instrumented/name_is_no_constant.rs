use gambeson::instrumented;

#[instrumented(name = format!("place"), target = 1)]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

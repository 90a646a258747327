use gambeson::instrumented;

#[instrumented(level = 6)]
fn place(order: u32) -> u32 {
    order
}

#[instrumented(level = true)]
fn cancel(order: u32) -> u32 {
    order
}

fn main() {
    place(cancel(1));
}

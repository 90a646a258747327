use gambeson::instrumented;

#[instrumented(defend = true)]
fn place(order: u32) {
    let _ = order;
}

#[instrumented(defend(fallback = 1))]
fn cancel(order: u32) -> u32 {
    order
}

fn main() {
    place(cancel(1));
}

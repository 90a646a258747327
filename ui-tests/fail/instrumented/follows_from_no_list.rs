use gambeson::instrumented;

#[instrumented(follows_from = order)]
fn place(order: u32) -> u32 {
    order
}

#[instrumented(follows_from = [order])]
fn cancel(order: u32) -> u32 {
    order
}

fn main() {
    place(cancel(1));
}

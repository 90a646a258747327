use gambeson::instrumented;

#[instrumented(err)]
fn place(order: u32) {
    drop(order);
}

#[instrumented(err)]
fn count(order: u32) -> u32 {
    order
}

fn main() {
    place(count(1));
}

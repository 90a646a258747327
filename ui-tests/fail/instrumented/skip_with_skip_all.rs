use gambeson::instrumented;

#[instrumented(skip(order), skip_all)]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

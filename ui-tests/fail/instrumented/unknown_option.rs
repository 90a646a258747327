use gambeson::instrumented;

#[instrumented(feilds(order_id = order))]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

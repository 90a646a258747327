use gambeson::instrumented;

#[instrumented(sensitive(crad), fields(total = order))]
fn place(order: u32, card: u32) -> u32 {
    order + card
}

#[instrumented(sensitive)]
fn cancel(order: u32) -> u32 {
    order
}

fn main() {
    place(cancel(1), 2);
}

use gambeson::instrumented;

#[instrumented(sensitive(card, card))]
fn place(order: u32, card: u32) -> u32 {
    order + card
}

fn main() {
    place(1, 2);
}

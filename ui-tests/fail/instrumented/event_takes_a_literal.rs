use gambeson::instrumented;

const EVENT: &str = "shop.order";

#[instrumented(event = EVENT)]
fn place(order: u32) -> u32 {
    order
}

#[instrumented(event)]
fn cancel(order: u32) -> u32 {
    order
}

fn main() {
    place(cancel(EVENT.len() as u32));
}

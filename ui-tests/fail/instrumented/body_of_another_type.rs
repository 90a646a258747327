use gambeson::instrumented;

#[instrumented]
fn place(order: u32) -> u32 {
    order.to_string()
}

#[instrumented]
async fn place_later(order: u32) -> u32 {
    order.to_string()
}

#[instrumented]
fn nothing(order: u32) {
    order
}

fn main() {
    place(1);
    let _ = place_later(1);
    nothing(1);
}

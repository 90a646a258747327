use gambeson::instrumented;

#[instrumented(parent = order)]
fn place(order: u32) -> u32 {
    order
}

#[instrumented(parent = "request")]
async fn place_later(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
    let _ = place_later(1);
}

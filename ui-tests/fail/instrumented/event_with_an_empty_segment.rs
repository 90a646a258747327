use gambeson::instrumented;

#[instrumented(event = "shop..order")]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

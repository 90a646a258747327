use gambeson::instrumented;

#[instrumented("place", name = "place_order")]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

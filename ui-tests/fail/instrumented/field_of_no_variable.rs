use gambeson::instrumented;

#[instrumented(fields(order_id = %oder.id))]
fn place(order: u32) -> u32 {
    order
}

#[instrumented(fields(%oder))]
async fn place_later(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
    let _ = place_later(1);
}

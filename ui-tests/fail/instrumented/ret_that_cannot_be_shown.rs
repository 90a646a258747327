use gambeson::instrumented;

struct Receipt;

#[instrumented(ret)]
fn place(order: u32) -> Result<Receipt, String> {
    Err(order.to_string())
}

#[instrumented(ret(Display))]
fn cancel(order: u32) -> Option<u32> {
    Some(order)
}

fn main() {
    let _ = place(cancel(1).unwrap_or_default());
}

use gambeson::instrumented;

#[instrumented(level = "wran", err(level = 6))]
fn place(order: u32) -> Result<u32, String> {
    Ok(order)
}

fn main() {
    let _ = place(1);
}

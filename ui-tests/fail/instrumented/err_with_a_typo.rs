use gambeson::instrumented;

#[instrumented(err(Dbug, levl = "warn"), ret(display))]
fn place(order: u32) -> Result<u32, String> {
    Ok(order)
}

fn main() {
    let _ = place(1);
}

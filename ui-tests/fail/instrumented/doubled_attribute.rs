use gambeson::instrumented;

#[instrumented(err)]
#[instrumented(ret)]
fn place(order: u32) -> Result<u32, String> {
    Ok(order)
}

fn main() {
    let _ = place(1);
}

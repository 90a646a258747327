use gambeson::instrumented;

struct Refused;

#[instrumented(err)]
fn place(order: u32) -> Result<u32, Refused> {
    if order == 0 { Err(Refused) } else { Ok(order) }
}

#[instrumented(ret)]
async fn refuse() -> Refused {
    Refused
}

fn main() {
    let _ = place(1);
    let _ = refuse();
}

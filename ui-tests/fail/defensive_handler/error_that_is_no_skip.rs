use gambeson::defensive_handler;

#[derive(Debug)]
struct Closed;

#[defensive_handler]
fn total(tills: u32) -> Result<u32, Closed> {
    100_u32.checked_div(tills).ok_or(Closed)
}

fn main() {
    let _ = total(3);
}

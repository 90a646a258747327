use gambeson::instrumented;

const LEVEL: &str = "info";

#[instrumented(level = LEVEL)]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(LEVEL.len() as u32);
}

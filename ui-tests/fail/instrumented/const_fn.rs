use gambeson::instrumented;

#[instrumented]
const fn total(a: u32, b: u32) -> u32 {
    a + b
}

fn main() {
    total(1, 2);
}

use gambeson::instrumented;

#[instrumented(skip(self))]
fn place() -> u32 {
    1
}

fn main() {
    place();
}

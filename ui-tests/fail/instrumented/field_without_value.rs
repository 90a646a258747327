use gambeson::instrumented;

#[instrumented(fields(id = , %"literal"))]
fn place(order: u32) -> u32 {
    order
}

fn main() {
    place(1);
}

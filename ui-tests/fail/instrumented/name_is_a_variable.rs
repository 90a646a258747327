use gambeson::instrumented;

#[instrumented(name = name)]
fn place(name: &str) -> usize {
    name.len()
}

fn main() {
    place("place");
}

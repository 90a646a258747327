use gambeson::instrumented;

#[instrumented]
mod shop {
    pub fn place() {}
}

fn main() {
    shop::place();
}

use gambeson::instrumented;

struct Shop;

#[instrumented]
impl Shop {
    fn place(&self) {}
}

fn main() {
    Shop.place();
}

use gambeson::instrumented;

#[instrumented]
trait Shop {
    fn place(&self) {}
}

impl Shop for () {}

fn main() {
    ().place();
}

use gambeson::instrumented;

trait Shop {
    #[instrumented]
    fn place(&self, order: u32) -> u32;
}

impl Shop for () {
    fn place(&self, order: u32) -> u32 {
        order
    }
}

fn main() {
    ().place(1);
}

use gambeson::instrumented;

#[instrumented(colour = "red", level = 0, skip(card), event = "", err, crate = "gambeson")]
#[instrumented]
const fn place(order: u32) {}

fn main() {
    place(1);
}

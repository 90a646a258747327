use gambeson::emit;

fn main() {
    emit!("shop.opened", {}, { tills = vec![1, 2, 3] });
}

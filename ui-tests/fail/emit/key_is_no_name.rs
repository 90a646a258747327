use gambeson::emit;

fn main() {
    emit!("shop.opened", { 3 = 4 });
}

use gambeson::emit;

fn main() {
    emit!("shop.opened", {}, {}, {});
}

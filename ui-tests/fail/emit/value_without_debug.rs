use gambeson::emit;

struct Till;

fn main() {
    emit!("shop.opened", {}, { till = ?Till });
}

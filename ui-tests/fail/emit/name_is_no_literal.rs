use gambeson::emit;

fn main() {
    let name = "shop.opened";
    emit!(name);
}

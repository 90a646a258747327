use gambeson::emit;

fn main() {
    let tills = 3;
    emit!("shop.opened", { tills = %tills });
}

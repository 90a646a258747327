use gambeson::emit;

fn main() {
    emit!("shop.*", { tills = 3 });
}

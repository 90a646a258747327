use gambeson::handler;

fn main() {
    let _ = handler!();
}

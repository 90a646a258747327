use gambeson::Handler;

fn main() {
    let _ = Handler::new("count", "shop.order.*", |_| 3);
}

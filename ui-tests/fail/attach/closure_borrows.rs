use std::cell::Cell;

use gambeson::Handler;

fn main() {
    let orders = Cell::new(0);
    let _ = Handler::new("count", "shop.order.*", |_| orders.set(orders.get() + 1));
}

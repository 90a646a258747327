use std::{future::ready, rc::Rc};

use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
async fn audit(_: &Event<'_>) {
    let shared = Rc::new(1);
    ready(()).await;
    drop(shared);
}

fn main() {
    let _ = audit;
}

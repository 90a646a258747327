#![deny(unused_must_use)]

use gambeson::{Handler, Telemetry};

fn main() {
    Telemetry::isolated();
    Telemetry::builder();
    Handler::new("count", "shop.order.*", |_| ());
}

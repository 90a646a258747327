use gambeson::handler;

mod billing {
    use gambeson::{Event, defensive_handler};

    #[defensive_handler(on = "shop.order.*")]
    fn record(_: &Event<'_>) {}
}

fn main() {
    let _ = handler!(billing::record);
}

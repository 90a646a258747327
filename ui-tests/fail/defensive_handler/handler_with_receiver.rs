use gambeson::{Event, defensive_handler};

struct Till;

impl Till {
    #[defensive_handler(on = "shop.order.*")]
    fn audit(&self, _: &Event<'_>) {}
}

fn main() {
    let _ = Till::audit;
}

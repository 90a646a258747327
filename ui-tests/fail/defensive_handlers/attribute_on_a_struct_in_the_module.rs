use gambeson::{defensive_handlers, handler};

#[defensive_handlers]
mod audit {
    use gambeson::{Event, defensive_handler};

    #[defensive_handler(on = "shop.order.*")]
    pub fn print(_: &Event<'_>) {}

    #[defensive_handler(on = "shop.order.*")]
    pub struct Audit;
}

fn main() {
    let _ = (audit::print, audit::Audit, handler!(audit::print));
}

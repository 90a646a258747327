use gambeson::{defensive_handlers, handler};

#[defensive_handlers]
mod audit {
    use gambeson::{Event, defensive_handler};

    #[defensive_handler(on = "shop.order.*")]
    pub fn print(_: &Event<'_>) {}

    pub mod till {
        #[gambeson::defensive_handler(on = "shop.**.stop")]
        pub fn count(_: &gambeson::Event<'_>) {}
    }
}

fn main() {
    let _ = (audit::print, handler!(audit::print));
    let _ = (audit::till::count, handler!(audit::till::count));
}

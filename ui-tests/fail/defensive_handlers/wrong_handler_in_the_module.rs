use gambeson::{defensive_handlers, handler};

#[defensive_handlers]
mod audit {
    use gambeson::{Event, defensive_handler};

    #[defensive_handler(on = "shop.order.*")]
    pub fn print(_: Event<'_>) {}

    #[defensive_handler(on = "shop.**.stop", nmae = "count")]
    pub fn count(_: &Event<'_>) {}

    #[defensive_handler(on = "shop.order")]
    pub fn sum(_: &Event<'_>) -> u32 {
        1
    }
}

fn main() {
    let _ = (audit::print, handler!(audit::print));
    let _ = (audit::count, handler!(audit::count));
    let _ = (audit::sum, handler!(audit::sum));
}

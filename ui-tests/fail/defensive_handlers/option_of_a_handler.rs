use gambeson::defensive_handlers;

#[defensive_handlers(on = "shop.order.*", crate = ::gambeson)]
mod audit {
    #[gambeson::defensive_handler(on = "shop.order.*")]
    pub fn print(_: &gambeson::Event<'_>) {}
}

fn main() {
    let _ = (audit::print, gambeson::handler!(audit::print));
}

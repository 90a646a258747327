use gambeson::defensive_handlers;

#[defensive_handlers]
mod audit {
    use gambeson::defensive_handler;

    #[defensive_handler(fallback = 0)]
    pub fn share(of: u8) -> u8 {
        100 / of
    }

    pub mod till {
        #[gambeson::defensive_handler(on = "shop.till.*")]
        pub fn open(_: &gambeson::Event<'_>) {}
    }
}

fn main() {
    audit::till::open(&gambeson::Event::new("shop.till.open", &[], &[]));
    audit::share(4);
}

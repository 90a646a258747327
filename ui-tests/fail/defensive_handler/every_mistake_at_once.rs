use gambeson::{Event, Resource, defensive_handler, handler};

static LEDGER: Resource<u8> = Resource::new("ledger");

#[defensive_handler(on = "shop.order.*", budgte = "5ms", fallback = 0)]
async fn record<T>(event: Event<'_>, #[needs(LEDGER)] ledger: &mut u8, city: &str) {
    let _ = (event, ledger, city);
}

fn main() {
    let _ = handler!(record);
    let _ = record::<u8>;
}

use gambeson::{Event, defensive_handler};

#[defensive_handler(on = "shop.order.*")]
fn count(_: &Event<'_>) -> u32 {
    1
}

#[defensive_handler(on = "shop.order.*")]
async fn count_later(_: &Event<'_>) -> Result<u32, std::io::Error> {
    Ok(1)
}

fn main() {
    let _ = (count, count_later);
}

use gambeson::{Event, defensive_handlers};

struct Till;

#[defensive_handlers]
impl Till {
    fn audit(_: &Event<'_>) {}
}

fn main() {
    let _ = Till::audit;
}

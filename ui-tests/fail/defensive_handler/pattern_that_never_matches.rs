use gambeson::{Event, defensive_handler};

#[defensive_handler(on("shop.order.*", "shop..order"))]
fn empty_segment(_: &Event<'_>) {}

#[defensive_handler(on = "shop.**.stop")]
fn rest_in_the_middle(_: &Event<'_>) {}

#[defensive_handler(on = "shop.ord*")]
fn part_of_a_segment(_: &Event<'_>) {}

#[defensive_handler(on = "shop::order")]
fn character(_: &Event<'_>) {}

#[defensive_handler(on = "")]
fn empty(_: &Event<'_>) {}

fn main() {
    let _ = (
        empty_segment,
        rest_in_the_middle,
        part_of_a_segment,
        character,
        empty,
    );
}

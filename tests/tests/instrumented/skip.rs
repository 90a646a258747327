//! `skip`: arguments that no span shows.

use std::cell::Cell;

use gambeson::instrumented;

use super::{run, seen::seen, values::Asked};

struct Opaque;

#[instrumented(skip(card, opaque))]
fn some(order: u32, card: &str, opaque: Opaque, till: bool) -> usize {
    let _ = (order, opaque, till);
    card.len()
}

#[instrumented(skip(left, r#type))]
async fn some_later((left, right): (u8, u8), r#type: u8) -> u8 {
    left + right + r#type
}

#[instrumented(skip())]
fn none(order: u32) -> u32 {
    order
}

#[test]
fn the_other_arguments_are_shown() {
    let line = |line: &str| vec![format!("INFO instrumented::skip {line}")];
    assert_eq!(
        seen(|| some(1, "4111", Opaque, true)),
        (4, line("some: order=u64 1 till=bool true"))
    );
    let (value, lines) = seen(|| run(some_later((1, 2), 3)));
    assert_eq!((value, lines), (6, line("some_later: right=text 2")));
    assert_eq!(seen(|| none(1)), (1, line("none: order=u64 1")));
}

struct Till {
    number: u32,
}

impl Till {
    #[instrumented(skip(self))]
    fn open(&self, by: &str) -> usize {
        self.number as usize + by.len()
    }

    #[instrumented(skip(self), fields(number = self.number))]
    async fn close(self: Box<Self>, by: &str) -> usize {
        self.number as usize + by.len()
    }
}

#[test]
fn a_receiver_is_skipped_by_its_name() {
    let line = |line: &str| vec![format!("INFO instrumented::skip {line}")];
    assert_eq!(
        seen(|| Till { number: 3 }.open("Ada")),
        (6, line("open: by=str Ada"))
    );
    let (value, lines) = seen(|| run(Box::new(Till { number: 3 }).close("Ada")));
    assert_eq!((value, lines), (6, line("close: by=str Ada number=u64 3")));
}

#[test]
fn a_skipped_value_is_not_asked_for() {
    #[instrumented(skip(skipped))]
    fn ask(shown: &Asked<'_>, skipped: &Asked<'_>) -> [u32; 2] {
        [shown.times(), skipped.times()]
    }
    let (shown, skipped) = (Cell::new(0), Cell::new(0));
    let (times, _) = seen(|| ask(&Asked(&shown), &Asked(&skipped)));
    assert_eq!(times, [1, 0]);
}

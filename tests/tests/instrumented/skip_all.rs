//! `skip_all`: no argument is shown but those that `fields` names.

use std::cell::Cell;

use gambeson::instrumented;

use super::{run, seen::seen, values::Asked};

struct Till(u32);

impl Till {
    #[instrumented(skip_all)]
    fn open(&self, asked: &Asked<'_>, (left, _): (u8, u8)) -> u32 {
        self.0 + u32::from(left) + asked.times()
    }
}

#[instrumented(skip_all)]
async fn later(asked: Asked<'_>) -> u32 {
    asked.times()
}

#[instrumented(skip_all, fields(?order, till = till + 1))]
fn named(order: Option<u8>, till: u8, card: &str) -> usize {
    let _ = (order, till);
    card.len()
}

#[test]
fn nothing_is_shown_and_nothing_asked_for() {
    let times = Cell::new(0);
    let (asked, lines) = seen(|| Till(0).open(&Asked(&times), (0, 1)));
    assert_eq!(
        (asked, lines),
        (0, vec!["INFO instrumented::skip_all open:".to_owned()])
    );
    let (asked, lines) = seen(|| run(later(Asked(&times))));
    assert_eq!(
        (asked, lines),
        (0, vec!["INFO instrumented::skip_all later:".to_owned()])
    );
}

#[test]
fn what_fields_names_is_shown() {
    let (_, lines) = seen(|| named(Some(1), 2, "4111"));
    assert_eq!(
        lines,
        ["INFO instrumented::skip_all named: order=text Some(1) till=u64 3"]
    );
}

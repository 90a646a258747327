//! `fields`: values of a call, in its span and in its events.

use std::cell::Cell;

use gambeson::instrumented;
use tracing::{Span, field};

use super::{
    heard, run,
    seen::{seen, told},
};

const KEY: &str = "constant";

struct Order {
    id: &'static str,
    amounts: [f64; 2],
}

impl Order {
    fn total(&self) -> f64 {
        self.amounts.iter().sum()
    }
}

const ORDER: Order = Order {
    id: "A-1",
    amounts: [4.0, 5.5],
};

#[instrumented(
    event = "field.every",
    skip_all,
    fields(
        order_id = %order.id,
        amount = order.total(),
        note = ?note,
        "literal key" = "text",
        dotted.r#type = 1 + 1,
        { KEY } = true,
        %order.id,
        ?note,
        wide = u128::MAX,
        none = None::<u32>,
        shown = field::display(order.id),
        later,
    ),
)]
fn every(order: Order, note: (i8,)) {
    Span::current().record("later", "now");
}

#[test]
fn a_field_is_in_the_span_and_in_the_events() {
    let (((), lines), events) = heard("field.every.*", || seen(|| every(ORDER, (-3,))));
    let wide = u128::MAX;
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(
        lines[0],
        format!(
            "INFO instrumented::fields every: order_id=text A-1 amount=f64 9.5 note=text (-3,) \
             literal key=str text dotted.type=i64 2 constant=bool true order.id=text A-1 \
             note=text (-3,) wide=text {wide} shown=text A-1"
        )
    );
    assert_eq!(lines[1], "later every: later=str now");
    let metadata = format!(
        r#"order_id="A-1" amount=9.5 note="(-3,)" literal key="text" dotted.type=2 constant=true order.id="A-1" note="(-3,)" wide="{wide}" none=- shown="A-1""#
    );
    assert_eq!(
        events,
        [
            format!("field.every.start {metadata}"),
            format!("field.every.stop {metadata}")
        ]
    );
}

#[instrumented(event = "field.later", skip_all, fields(length = list.len(), first = list[0], found))]
async fn later(mut list: Vec<u8>) -> usize {
    list.push(4);
    Span::current().record("found", list.len());
    list.len()
}

#[test]
fn a_field_is_as_it_was_when_the_call_began() {
    let ((length, lines), events) = heard("field.later.*", || seen(|| run(later(vec![7; 3]))));
    assert_eq!(length, 4);
    assert_eq!(
        lines,
        [
            "INFO instrumented::fields later: length=u64 3 first=u64 7",
            "later later: found=u64 4"
        ]
    );
    assert_eq!(
        events,
        ["start", "stop"].map(|end| format!("field.later.{end} length=3 first=7"))
    );
}

#[test]
fn a_field_takes_the_place_of_the_argument_of_its_name() {
    #[instrumented(event = "field.place", fields(%order, till = "first"))]
    fn place(order: &str, till: u8, card: u8) -> usize {
        order.len() + usize::from(till + card)
    }
    let ((_, lines), events) = heard("field.place.start", || seen(|| place("A-1", 1, 2)));
    assert_eq!(
        lines,
        ["INFO instrumented::fields place: card=u64 2 order=text A-1 till=str first"]
    );
    assert_eq!(events, [r#"field.place.start order="A-1" till="first""#]);
}

#[test]
fn a_field_is_evaluated_once_for_all_who_look() {
    #[instrumented(event = "field.once", skip_all, fields(now = times.replace(times.get() + 1)), ret)]
    fn once(times: &Cell<u32>) -> u32 {
        times.get()
    }
    let times = Cell::new(0);
    let ((_, lines), events) = heard("field.once.*", || told(|| once(&times)));
    assert_eq!(
        lines,
        ["event in once: INFO instrumented::fields return=text 1"]
    );
    assert_eq!(events, ["field.once.start now=0", "field.once.stop now=0"]);
    assert_eq!(times.get(), 1);
}

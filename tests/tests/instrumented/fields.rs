//! The values that a call shows: what they are, and when they are asked for.

use std::{
    cell::Cell,
    fmt::{self, Debug, Display},
};

use gambeson::instrumented;
use tracing::{Span, field};

use super::{
    heard, run,
    seen::{seen, unseen},
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
    let ((((), lines), events),) = (heard("field.every.*", || seen(|| every(ORDER, (-3,)))),);
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

#[instrumented(event = "field.arguments", skip(skipped), fields(number = %"a field"))]
fn arguments(
    text: &str,
    #[expect(unused_variables)] number: u8,
    (left, mut right): (u16, Option<i64>),
    opaque: Order,
    _under: bool,
    skipped: &str,
    #[cfg(any())] missing: Nothing,
    #[cfg(not(any()))] present: [u8; 2],
) -> usize {
    right.take();
    text.len()
        + skipped.len()
        + usize::from(left)
        + usize::from(right.is_some())
        + present.len()
        + opaque.id.len()
}

#[instrumented(event = "field.later", fields(sum = left + 1))]
async fn arguments_later((left, mut right): (u16, u16), &number: &i32, _under: bool) -> u32 {
    right += 1;
    u32::from(left + right) + number.unsigned_abs()
}

#[test]
fn arguments_are_in_the_span_as_what_they_are() {
    let call = || arguments("a", 5, (1, Some(2)), ORDER, true, "b", [1, 2]);
    let ((value, lines), events) = heard("field.arguments.start", || seen(call));
    assert_eq!(value, 8);
    assert_eq!(
        lines,
        [format!(
            "INFO instrumented::fields arguments: text=str a left=text 1 right=text Some(2) \
             opaque=text {} _under=bool true present=text [1, 2] number=text a field",
            std::any::type_name::<Order>()
        )]
    );
    assert_eq!(events, [r#"field.arguments.start number="a field""#]);
    let call = || run(arguments_later((1, 2), &-4, false));
    let ((value, lines), events) = heard("field.later.start", || seen(call));
    assert_eq!(value, 8);
    assert_eq!(
        lines,
        [
            "INFO instrumented::fields arguments_later: left=text 1 right=text 2 number=i64 -4 \
          _under=bool false sum=u64 2"
        ]
    );
    assert_eq!(events, ["field.later.start sum=2"]);
}

struct Asked<'a>(&'a Cell<u32>);

impl Asked<'_> {
    fn now(&self) -> u32 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }
}

impl Debug for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "asked {} times", self.now())
    }
}

#[instrumented(event = "field.lazy", fields(now = asked.now()))]
fn lazy(asked: &Asked<'_>) -> u32 {
    asked.0.get()
}

#[test]
fn a_value_is_asked_for_once_and_only_where_somebody_looks() {
    let times = Cell::new(0);
    // A site that is new asks as if somebody might listen while the list of sites is busy.
    let mut calls = (0..1000).map(|_| unseen(|| lazy(&Asked(&Cell::new(0)))));
    assert!(calls.any(|asked| asked == 0));
    assert_eq!(unseen(|| lazy(&Asked(&times))), 0);
    let (value, events) = heard("field.lazy.*", || unseen(|| lazy(&Asked(&times))));
    assert_eq!((value, events.len()), (1, 2), "the field, for the events");
    let (value, lines) = seen(|| lazy(&Asked(&times)));
    assert_eq!(
        (value, lines.len()),
        (3, 1),
        "the argument and the field, for the span"
    );
    let ((value, lines), events) = heard("field.lazy.*", || seen(|| lazy(&Asked(&times))));
    assert_eq!(value, 5, "the field is shared");
    assert_eq!(
        lines,
        ["INFO instrumented::fields lazy: asked=text asked 4 times now=u64 5"]
    );
    assert_eq!(events, ["field.lazy.start now=5", "field.lazy.stop now=5"]);
}

struct Hostile;

impl Debug for Hostile {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("in Debug")
    }
}

impl Display for Hostile {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("in Display")
    }
}

#[instrumented(event = "field.hostile", fields(shown = %hostile, debugged = ?hostile), err, ret)]
fn hostile(hostile: &Hostile, fails: bool) -> Result<Hostile, Hostile> {
    let _ = hostile;
    if fails { Err(Hostile) } else { Ok(Hostile) }
}

#[test]
fn a_value_that_panics_when_shown_hurts_nobody() {
    for fails in [false, true] {
        let ((value, lines), events) =
            heard("field.hostile.*", || seen(|| hostile(&Hostile, fails)));
        assert_eq!(value.is_err(), fails);
        let told = if fails { 6 } else { 2 };
        assert_eq!(
            (lines.len(), events.len()),
            (told, 2),
            "{lines:?} {events:?}"
        );
    }
}

#[test]
fn a_type_parameter_needs_nothing_to_be_an_argument() {
    #[instrumented]
    fn count<T, I: IntoIterator<Item = T>>(items: I, _extra: impl Sized) -> usize {
        items.into_iter().count()
    }
    let (value, lines) = seen(|| count([ORDER, ORDER], ORDER));
    assert_eq!((value, lines.len()), (2, 1), "{lines:?}");
}

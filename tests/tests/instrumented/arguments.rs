//! Arguments, which the span shows as what they are.

use gambeson::instrumented;

use super::{heard, run, seen::seen};

struct Order {
    id: &'static str,
}

const ORDER: Order = Order { id: "A-1" };

#[instrumented(event = "argument.sync", skip(skipped), fields(number = %"a field"))]
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

#[instrumented(event = "argument.later", fields(sum = left + 1))]
async fn arguments_later((left, mut right): (u16, u16), &number: &i32, _under: bool) -> u32 {
    right += 1;
    u32::from(left + right) + number.unsigned_abs()
}

#[test]
fn arguments_are_in_the_span_as_what_they_are_and_not_in_the_events() {
    let call = || arguments("a", 5, (1, Some(2)), ORDER, true, "b", [1, 2]);
    let ((value, lines), events) = heard("argument.sync.start", || seen(call));
    assert_eq!(value, 8);
    assert_eq!(
        lines,
        [format!(
            "INFO instrumented::arguments arguments: text=str a left=text 1 right=text Some(2) \
             opaque=text {} _under=bool true present=text [1, 2] number=text a field",
            std::any::type_name::<Order>()
        )]
    );
    assert_eq!(events, [r#"argument.sync.start number="a field""#]);
    let call = || run(arguments_later((1, 2), &-4, false));
    let ((value, lines), events) = heard("argument.later.start", || seen(call));
    assert_eq!(value, 8);
    assert_eq!(
        lines,
        [
            "INFO instrumented::arguments arguments_later: left=text 1 right=text 2 \
             number=i64 -4 _under=bool false sum=u64 2"
        ]
    );
    assert_eq!(events, ["argument.later.start sum=2"]);
}

#[test]
fn a_type_parameter_needs_nothing_to_be_an_argument() {
    #[instrumented]
    fn count<T, I: IntoIterator<Item = T>>(items: I, _extra: impl Sized) -> usize {
        items.into_iter().count()
    }
    fn name<T>(_: &T) -> &'static str {
        std::any::type_name::<T>()
    }
    let (items, extra) = ([ORDER, ORDER], ORDER);
    let line = format!(
        "INFO instrumented::arguments count: items=text {} _extra=text {}",
        name(&items),
        name(&extra)
    );
    assert_eq!(seen(|| count(items, extra)), (2, vec![line]));
}

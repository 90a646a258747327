//! `err` and `ret`: what a call returned, as events of tracing.

use std::fmt;

use gambeson::instrumented;
use tracing::Level;

use super::{run, seen::seen};

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("too much")]
struct TooMuch;

type Answer = Result<u32, TooMuch>;

/// What is told beside the span, and beside what a failure leaves on that.
fn told<R>(code: impl FnOnce() -> R) -> (R, Vec<String>) {
    let (value, mut lines) = seen(code);
    assert!(!lines.remove(0).starts_with("event"));
    lines.retain(|line| !line.starts_with("later"));
    (value, lines)
}

fn line(line: &str) -> Vec<String> {
    vec![format!("event in {line}")]
}

#[instrumented(skip_all, err)]
fn err(answer: Answer) -> Answer {
    answer
}

#[instrumented(skip_all, err(level = "warn", Debug), target = "shop")]
async fn err_later(answer: Answer) -> Answer {
    answer
}

#[test]
fn an_error_is_told_in_the_span() {
    assert_eq!(told(|| err(Ok(1))), (Ok(1), vec![]));
    let expected = line("err: ERROR instrumented::records error=text too much");
    assert_eq!(told(|| err(Err(TooMuch))), (Err(TooMuch), expected));
    assert_eq!(told(|| run(err_later(Ok(1)))), (Ok(1), vec![]));
    let expected = line("err_later: WARN shop error=text TooMuch");
    assert_eq!(
        told(|| run(err_later(Err(TooMuch)))),
        (Err(TooMuch), expected)
    );
}

#[instrumented(skip_all, ret)]
fn ret(answer: Answer) -> Answer {
    answer
}

#[instrumented(skip_all, ret(Display), err, level = "debug")]
async fn both(answer: Answer) -> Answer {
    answer
}

#[instrumented(skip_all, ret(level = Level::TRACE))]
fn option(answer: Option<u32>) -> Option<u32> {
    answer
}

#[instrumented(ret)]
fn unit() {}

#[instrumented(ret)]
fn opaque() -> impl Iterator<Item = u8> + fmt::Debug {
    0..2
}

#[test]
fn a_value_is_told_and_of_a_result_only_the_ok() {
    let expected = line("ret: INFO instrumented::records return=text 1");
    assert_eq!(told(|| ret(Ok(1))), (Ok(1), expected));
    assert_eq!(told(|| ret(Err(TooMuch))), (Err(TooMuch), vec![]));
    let expected = line("both: DEBUG instrumented::records return=text 1");
    assert_eq!(told(|| run(both(Ok(1)))), (Ok(1), expected));
    let expected = line("both: ERROR instrumented::records error=text too much");
    assert_eq!(told(|| run(both(Err(TooMuch)))), (Err(TooMuch), expected));
    let expected = line("option: TRACE instrumented::records return=text Some(1)");
    assert_eq!(told(|| option(Some(1))), (Some(1), expected));
    let expected = line("unit: INFO instrumented::records return=text ()");
    assert_eq!(told(unit), ((), expected));
    let expected = line("opaque: INFO instrumented::records return=text 0..2");
    assert_eq!(told(|| opaque().count()), (2, expected));
}

#[test]
fn a_reference_into_an_argument_is_returned_as_it_is() {
    #[instrumented(skip_all, err, ret)]
    fn first(list: &mut [u32]) -> Result<&mut u32, TooMuch> {
        list.first_mut().ok_or(TooMuch)
    }
    let mut list = [1];
    let (value, lines) = told(|| first(&mut list).map(|first| *first += 1));
    assert_eq!(value, Ok(()));
    assert_eq!(
        lines,
        line("first: INFO instrumented::records return=text 1")
    );
    assert_eq!(list, [2]);
}

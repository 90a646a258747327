//! `ret`: the value of a call, as an event of tracing.

use std::fmt::{self, Debug, Display};

use gambeson::instrumented;
use tracing::Level;

use super::{run, seen::told};

type Answer = Result<u32, String>;

/// The one event of a call, after where it is.
fn line(line: &str) -> Vec<String> {
    vec![format!("event in {line}")]
}

#[instrumented(skip_all, ret)]
fn plain(answer: Answer) -> Answer {
    answer
}

#[instrumented(skip_all, ret(Display), err, level = "debug")]
async fn both(answer: Answer) -> Answer {
    answer
}

#[test]
fn of_a_result_only_the_ok_is_told() {
    let expected = line("plain: INFO instrumented::ret return=text 1");
    assert_eq!(told(|| plain(Ok(1))), (Ok(1), expected));
    assert_eq!(told(|| plain(Err("no".into()))), (Err("no".into()), vec![]));
    let expected = line("both: DEBUG instrumented::ret return=text 1");
    assert_eq!(told(|| run(both(Ok(1)))), (Ok(1), expected));
    let expected = line("both: ERROR instrumented::ret error=text no");
    assert_eq!(
        told(|| run(both(Err("no".into())))),
        (Err("no".into()), expected)
    );
}

/// Says in which way it was shown.
struct Both;

impl Debug for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Debug")
    }
}

impl Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Display")
    }
}

#[instrumented(ret(Debug))]
fn by_debug() -> Both {
    Both
}

#[instrumented(ret(Display, level = 1))]
fn by_display() -> Both {
    Both
}

#[instrumented(ret(level = Level::WARN), level = "error")]
fn at_a_level_of_its_own() -> Both {
    Both
}

#[test]
fn a_value_is_told_in_the_format_and_at_the_level_that_were_written() {
    type Call = fn() -> Both;
    let calls: [(Call, &str); 3] = [
        (
            by_debug,
            "by_debug: INFO instrumented::ret return=text Debug",
        ),
        (
            by_display,
            "by_display: TRACE instrumented::ret return=text Display",
        ),
        (
            at_a_level_of_its_own,
            "at_a_level_of_its_own: WARN instrumented::ret return=text Debug",
        ),
    ];
    for (call, text) in calls {
        assert_eq!(told(call).1, line(text));
    }
}

#[instrumented(skip_all, ret)]
fn option(answer: Option<u32>) -> Option<u32> {
    answer
}

#[instrumented(ret)]
fn unit() {}

#[instrumented(ret)]
fn opaque() -> impl Iterator<Item = u8> + Debug {
    0..2
}

#[test]
fn a_value_of_any_type_is_told_whole() {
    let expected = line("option: INFO instrumented::ret return=text Some(1)");
    assert_eq!(told(|| option(Some(1))), (Some(1), expected));
    let expected = line("option: INFO instrumented::ret return=text None");
    assert_eq!(told(|| option(None)), (None, expected));
    let expected = line("unit: INFO instrumented::ret return=text ()");
    assert_eq!(told(unit), ((), expected));
    let expected = line("opaque: INFO instrumented::ret return=text 0..2");
    assert_eq!(told(|| opaque().count()), (2, expected));
}

#[test]
fn a_reference_into_an_argument_is_returned_as_it_is() {
    #[instrumented(skip_all, ret)]
    fn first(list: &mut [u32]) -> &mut u32 {
        &mut list[0]
    }
    let mut list = [1];
    let ((), lines) = told(|| *first(&mut list) += 1);
    assert_eq!(lines, line("first: INFO instrumented::ret return=text 1"));
    assert_eq!(list, [2]);
}

//! `err`: the error of a call, as an event of tracing.

use std::{error::Error, fmt};

use gambeson::instrumented;
use tracing::{Level, level_filters::LevelFilter, subscriber};
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use super::{heard, run, seen::told};

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("too much")]
struct TooMuch;

type Answer = Result<u32, TooMuch>;

/// The one event of a call, after where it is.
fn line(line: &str) -> Vec<String> {
    vec![format!("event in {line}")]
}

#[instrumented(skip_all, err)]
fn plain(answer: Answer) -> Answer {
    answer
}

#[instrumented(skip_all, err(Debug))]
fn by_debug(answer: Answer) -> Answer {
    answer
}

#[instrumented(skip_all, err(Display, level = "info"))]
fn by_display(answer: Answer) -> Answer {
    let paid = answer?;
    Ok(paid + 1)
}

#[instrumented(skip_all, err(level = 4, Debug), level = "trace", target = "shop")]
async fn later(answer: Answer) -> Answer {
    answer
}

#[instrumented(skip_all, err(level = Level::DEBUG))]
fn boxed(answer: Answer) -> Result<u32, Box<dyn Error>> {
    Ok(answer?)
}

#[test]
fn an_error_is_told_in_the_span() {
    type Call = fn(Answer) -> Answer;
    let calls: [(Call, &str); 5] = [
        (plain, "plain: ERROR instrumented::err error=text too much"),
        (
            by_debug,
            "by_debug: ERROR instrumented::err error=text TooMuch",
        ),
        (
            by_display,
            "by_display: INFO instrumented::err error=text too much",
        ),
        (
            |answer| run(later(answer)),
            "later: WARN shop error=text TooMuch",
        ),
        (
            |answer| boxed(answer).map_err(|_| TooMuch),
            "boxed: DEBUG instrumented::err error=text too much",
        ),
    ];
    for (call, text) in calls {
        assert_eq!(told(|| call(Err(TooMuch))), (Err(TooMuch), line(text)));
        let (value, lines) = told(|| call(Ok(1)));
        assert!(value.is_ok());
        assert_eq!(lines, [""; 0], "of an Ok nothing is told");
    }
}

#[test]
fn a_level_that_nobody_wants_is_not_told_and_not_formatted() {
    struct Unshown;
    impl fmt::Display for Unshown {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("nobody asked")
        }
    }
    #[instrumented(skip_all, err(level = "info"))]
    fn fails() -> Result<(), Unshown> {
        Err(Unshown)
    }
    let only_warnings = Registry::default().with(LevelFilter::WARN);
    assert!(subscriber::with_default(only_warnings, fails).is_err());
    let (_, lines) = told(fails);
    assert_eq!(lines.len(), 1, "wanted it is: {lines:?}");
}

#[test]
fn with_it_a_none_is_a_failure() {
    #[instrumented(event = "err.find", skip_all, err)]
    fn find(found: Option<u8>) -> Option<u8> {
        found
    }
    #[instrumented(event = "err.look", skip_all)]
    fn look(found: Option<u8>) -> Option<u8> {
        found
    }
    let exception = r#"err.find.exception kind="error" reason="unexpected" error="None""#;
    let ((_, lines), events) = heard("err.find.*", || told(|| find(None)));
    assert_eq!(lines, line("find: ERROR instrumented::err error=text None"));
    assert_eq!(events, ["err.find.start", exception]);
    let (_, events) = heard("err.look.*", || look(None));
    assert_eq!(events, ["err.look.start", "err.look.stop"]);
}

#[test]
fn a_reference_into_an_argument_is_returned_as_it_is() {
    #[instrumented(skip_all, err)]
    fn first(list: &mut [u32]) -> Result<&mut u32, TooMuch> {
        list.first_mut().ok_or(TooMuch)
    }
    let mut list = [1];
    let (value, lines) = told(|| first(&mut list).map(|first| *first += 1));
    assert_eq!((value, lines), (Ok(()), vec![]));
    assert_eq!(list, [2]);
}

//! `name`: what the span of a call is called.

use gambeson::instrumented;
use tracing::Span;

use super::{heard, run, seen::seen};

const NAME: &str = "constant_name";

/// The name of the span that this code is in.
pub(crate) fn current() -> Option<&'static str> {
    Span::current().metadata().map(tracing::Metadata::name)
}

#[instrumented]
fn by_default() -> Option<&'static str> {
    current()
}

#[instrumented(name = "named")]
fn by_option() -> Option<&'static str> {
    current()
}

#[instrumented("bare")]
fn by_literal() -> Option<&'static str> {
    current()
}

#[instrumented(name = NAME)]
fn by_constant() -> Option<&'static str> {
    current()
}

#[instrumented(name = concat::NAME)]
async fn later() -> Option<&'static str> {
    current()
}

mod concat {
    pub(super) const NAME: &str = concat!("made", " ", "up");
}

#[instrumented]
fn r#type() -> Option<&'static str> {
    current()
}

#[test]
fn a_span_has_the_name_of_the_function_or_one_of_its_own() {
    let calls: [(fn() -> _, &str); 6] = [
        (by_default, "by_default"),
        (by_option, "named"),
        (by_literal, "bare"),
        (by_constant, "constant_name"),
        (|| run(later()), "made up"),
        (r#type, "type"),
    ];
    for (call, name) in calls {
        let line = format!("INFO instrumented::name {name}:");
        assert_eq!(seen(call), (Some(name), vec![line]));
        assert_eq!(current(), None, "after the call");
    }
}

#[test]
fn the_name_of_the_span_is_not_that_of_the_events() {
    let (_, events) = heard("instrumented.name.**", by_option);
    let names = ["start", "stop"].map(|ending| format!("instrumented.name.by_option.{ending}"));
    assert_eq!(events, names);
}

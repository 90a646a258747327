//! The span of tracing that is open during a call.

use std::task::{Context, Waker};

use gambeson::instrumented;
use tracing::{Level, Span};

use super::{pause, run, seen::seen};

const NAME: &str = "constant_name";

mod names {
    pub(super) const TARGET: &str = "constant_target";
}

fn current() -> Option<&'static str> {
    Span::current().metadata().map(tracing::Metadata::name)
}

#[instrumented]
fn by_default() -> Option<&'static str> {
    current()
}

#[instrumented(name = "named", target = "shop", level = "debug")]
fn named() -> Option<&'static str> {
    current()
}

#[instrumented("bare", level = 5)]
fn bare() -> Option<&'static str> {
    current()
}

#[instrumented(name = NAME, target = names::TARGET, level = Level::TRACE,)]
fn by_constants() -> Option<&'static str> {
    current()
}

#[instrumented]
fn r#type() -> Option<&'static str> {
    current()
}

#[test]
fn a_span_has_a_name_a_target_and_a_level() {
    for (function, name, line) in [
        (
            by_default as fn() -> _,
            "by_default",
            "INFO instrumented::spans by_default:",
        ),
        (named, "named", "DEBUG shop named:"),
        (bare, "bare", "ERROR instrumented::spans bare:"),
        (
            by_constants,
            "constant_name",
            "TRACE constant_target constant_name:",
        ),
        (r#type, "type", "INFO instrumented::spans type:"),
    ] {
        assert_eq!(seen(function), (Some(name), vec![line.to_owned()]));
        assert_eq!(current(), None);
    }
}

struct NotesSpan<'a>(&'a mut Vec<Option<&'static str>>);

impl Drop for NotesSpan<'_> {
    fn drop(&mut self) {
        self.0.push(current());
    }
}

#[instrumented(skip_all)]
async fn polled(notes: NotesSpan<'_>) {
    for _ in 0..2 {
        notes.0.push(current());
        pause().await;
    }
    notes.0.push(current());
}

#[test]
fn every_poll_and_the_drop_are_in_the_span() {
    let mut notes = Vec::new();
    seen(|| run(polled(NotesSpan(&mut notes))));
    assert_eq!(notes, [Some("polled"); 4]);
    notes.clear();
    seen(|| {
        let mut future = Box::pin(polled(NotesSpan(&mut notes)));
        let polled = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        assert_eq!(current(), None, "between two polls");
    });
    assert_eq!(
        notes,
        [Some("polled"); 2],
        "a poll and the drop of a cancelled call"
    );
}

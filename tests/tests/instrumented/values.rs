//! When a value is asked what it is, and what becomes of one that cannot say it.

use std::{
    cell::Cell,
    fmt::{self, Debug, Display},
};

use gambeson::instrumented;

use super::{
    heard,
    seen::{seen, told, unseen},
};

/// Counts how often it is asked what it is.
pub(crate) struct Asked<'a>(pub(crate) &'a Cell<u32>);

impl Asked<'_> {
    pub(crate) fn now(&self) -> u32 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }

    pub(crate) fn times(&self) -> u32 {
        self.0.get()
    }
}

impl Debug for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "asked {} times", self.now())
    }
}

#[instrumented(event = "value.lazy", fields(now = asked.now()))]
fn lazy(asked: &Asked<'_>) -> u32 {
    asked.times()
}

#[test]
fn a_value_is_asked_for_once_and_only_where_somebody_looks() {
    let times = Cell::new(0);
    // A site that is new asks as if somebody might listen while the list of sites is busy.
    let mut calls = (0..1000).map(|_| unseen(|| lazy(&Asked(&Cell::new(0)))));
    assert!(calls.any(|asked| asked == 0));
    assert_eq!(unseen(|| lazy(&Asked(&times))), 0);
    let (value, events) = heard("value.lazy.*", || unseen(|| lazy(&Asked(&times))));
    assert_eq!((value, events.len()), (1, 2), "the field, for the events");
    let (value, lines) = seen(|| lazy(&Asked(&times)));
    assert_eq!(
        (value, lines.len()),
        (3, 1),
        "the argument and the field, for the span"
    );
    let ((value, lines), events) = heard("value.lazy.*", || seen(|| lazy(&Asked(&times))));
    assert_eq!(value, 5, "the field is shared");
    assert_eq!(
        lines,
        ["INFO instrumented::values lazy: asked=text asked 4 times now=u64 5"]
    );
    assert_eq!(events, ["value.lazy.start now=5", "value.lazy.stop now=5"]);
}

struct Hostile;

impl Debug for Hostile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half a ")?;
        panic!("in Debug")
    }
}

impl Display for Hostile {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("in Display")
    }
}

#[instrumented(event = "value.hostile", fields(shown = %hostile, debugged = ?hostile), err, ret)]
fn hostile(hostile: &Hostile, fails: bool) -> Result<Hostile, Hostile> {
    let _ = hostile;
    if fails { Err(Hostile) } else { Ok(Hostile) }
}

#[test]
fn a_value_that_panics_when_shown_is_a_marker_and_the_call_goes_on() {
    const MARKER: &str = "<formatting panicked>";
    let fields = format!(r#"shown="{MARKER}" debugged="{MARKER}""#);
    let span = |fails| {
        format!(
            "INFO instrumented::values hostile: hostile=text {MARKER} fails=bool {fails} \
             shown=text {MARKER} debugged=text {MARKER}"
        )
    };
    let call = |fails| heard("value.hostile.*", || told(|| hostile(&Hostile, fails)));
    let start = format!("value.hostile.start {fields}");
    let ((returned, lines), events) = call(false);
    assert!(returned.is_ok());
    let record = "event in hostile: INFO instrumented::values";
    assert_eq!(lines, [format!("{record} return=text {MARKER}")]);
    assert_eq!(
        events,
        [start.clone(), format!("value.hostile.stop {fields}")]
    );
    let ((returned, lines), events) = call(true);
    assert!(returned.is_err());
    let record = "event in hostile: ERROR instrumented::values";
    assert_eq!(lines, [format!("{record} error=text {MARKER}")]);
    let failure = format!(r#"kind="error" reason="unexpected" error="{MARKER}""#);
    let exception = format!("value.hostile.exception {fields} {failure}");
    assert_eq!(events, [start, exception]);
    let (_, lines) = seen(|| hostile(&Hostile, false));
    assert_eq!(lines[0], span(false));
}

#[test]
fn a_long_value_is_cut_off() {
    #[derive(Debug)]
    struct Text<'a>(&'a str);
    #[instrumented(
        event = "value.long",
        skip(field),
        fields(plain = field, display = %field, debug = ?field)
    )]
    fn long(text: &str, shown: &Text<'_>, field: &str) -> usize {
        text.len() + shown.0.len() + field.len()
    }
    let text = "x".repeat(100_000);
    let text = text.as_str();
    let call = || long(text, &Text(text), text);
    let ((length, lines), events) = heard("value.long.start", || seen(call));
    assert_eq!(length, 3 * text.len());
    let [argument, field] = [1 << 10, 1 << 16];
    let shown = format!("Text(\"{}", &text[..argument - 6]);
    let quoted = format!("\"{}", &text[..field - 1]);
    let text = &text[..field];
    assert!(
        lines
            == [format!(
                "INFO instrumented::values long: text=str {} shown=text {shown} plain=str {text} \
                 display=text {text} debug=text {quoted}",
                &text[..argument]
            )],
        "{} bytes",
        lines[0].len()
    );
    assert_eq!(events.len(), 1);
    let length = "value.long.start plain=\"\" display=\"\" debug=\"\\\"\"".len();
    assert_eq!(events[0].len(), length + 3 * field - 1);
}

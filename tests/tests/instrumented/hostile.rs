//! Errors that panic when they are asked what they are, and subscribers that panic: the call ends all
//! the same, once, and its span with it.

use std::{
    error::Error,
    fmt,
    sync::{Arc, Mutex},
};

use gambeson::{Classify, SkipReason, instrumented};
use tracing::{Instrument, Subscriber, info_span, span};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
};

use super::{heard, pause, run, seen::keep_a_subscriber, thrown};

/// Panics when it is asked for its reason.
#[derive(Debug)]
struct Unclassifiable;

impl fmt::Display for Unclassifiable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("of no class")
    }
}

impl Error for Unclassifiable {}

impl Classify for Unclassifiable {
    fn classify(&self) -> Option<SkipReason> {
        panic!("in classify");
    }
}

/// Panics when it is asked for its source.
#[derive(Debug)]
struct Sourceless;

impl fmt::Display for Sourceless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("of no source")
    }
}

impl Error for Sourceless {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        panic!("in source");
    }
}

#[instrumented(event = "hostile.classify")]
fn unclassifiable() -> Result<(), Unclassifiable> {
    Err(Unclassifiable)
}

#[instrumented(event = "hostile.source")]
async fn sourceless() -> Result<(), Sourceless> {
    pause().await;
    Err(Sourceless)
}

#[test]
fn an_error_that_panics_when_it_is_asked_is_an_unexpected_exception() {
    let told = |name: &str| {
        let error = "an error that panics when it is classified";
        let told = format!(r#"exception kind="error" reason="unexpected" error="{error}""#);
        [format!("{name}.start"), format!("{name}.{told}")]
    };
    let (value, events) = heard("hostile.classify.*", unclassifiable);
    assert!(matches!(value, Err(Unclassifiable)));
    assert_eq!(events, told("hostile.classify"));
    let (value, events) = heard("hostile.source.*", || run(sourceless()));
    assert!(matches!(value, Err(Sourceless)));
    assert_eq!(events, told("hostile.source"));
}

/// Where a subscriber panics.
#[derive(Clone, Copy, PartialEq)]
enum Panics {
    InOnEvent,
    InOnRecord,
}

/// Notes what happens to spans, and panics.
struct Hostile {
    panics: Panics,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Hostile {
    fn note(&self, line: impl Into<String>) {
        self.lines.lock().unwrap().push(line.into());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Hostile {
    fn on_new_span(
        &self,
        attributes: &span::Attributes<'_>,
        _: &span::Id,
        context: Context<'_, S>,
    ) {
        let around = context.lookup_current();
        let around = around.map_or("nothing", |span| span.name());
        self.note(format!("{} in {around}", attributes.metadata().name()));
    }

    fn on_enter(&self, _: &span::Id, _: Context<'_, S>) {
        self.note("entered");
    }

    fn on_exit(&self, _: &span::Id, _: Context<'_, S>) {
        self.note("exited");
    }

    fn on_close(&self, _: span::Id, _: Context<'_, S>) {
        self.note("closed");
    }

    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        self.note("event");
        assert!(self.panics != Panics::InOnEvent, "in on_event");
    }

    fn on_record(&self, _: &span::Id, _: &span::Record<'_>, _: Context<'_, S>) {
        assert!(self.panics != Panics::InOnRecord, "in on_record");
    }
}

/// What happens to the spans of `code`, and to that of a call after it.
fn spans<R>(panics: Panics, code: impl FnOnce() -> R) -> (R, Vec<String>) {
    keep_a_subscriber();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let hostile = Hostile {
        panics,
        lines: Arc::clone(&lines),
    };
    let subscriber = tracing_subscriber::registry().with(hostile);
    let value = tracing::subscriber::with_default(subscriber, || {
        let value = code();
        info_span!("next").in_scope(|| ());
        value
    });
    let lines = std::mem::take(&mut *lines.lock().unwrap());
    (value, lines)
}

const NEXT: [&str; 4] = ["next in nothing", "entered", "exited", "closed"];

type Answer = Result<(), &'static str>;

#[instrumented(event = "hostile.fails", err)]
fn fails() -> Answer {
    Err("as always")
}

#[instrumented(event = "hostile.fails", name = "fails", err)]
async fn fails_later() -> Answer {
    pause().await;
    Err("as always")
}

/// What an attribute of tracing's makes of [`fails`].
fn fails_by_tracing() -> Answer {
    let _entered = info_span!("fails").entered();
    let answer = Err("as always");
    tracing::error!(error = "as always");
    answer
}

async fn fails_by_tracing_later() -> Answer {
    let body = async {
        pause().await;
        let answer = Err("as always");
        tracing::error!(error = "as always");
        answer
    };
    body.instrument(info_span!("fails")).await
}

fn started_and_failed(name: &str) -> [String; 2] {
    let told = r#"exception kind="error" reason="unexpected" error="as always""#;
    [format!("{name}.start"), format!("{name}.{told}")]
}

/// Compares with tracing where a subscriber panics at what `err` records.
#[track_caller]
fn a_panic_at_the_record(ours: fn() -> Answer, by_tracing: fn() -> Answer) {
    let panic_of = |code| spans(Panics::InOnEvent, || thrown::<&'static str, _>(code));
    let (panic, events) = heard("hostile.fails.*", || panic_of(ours));
    assert_eq!(events, started_and_failed("hostile.fails"));
    assert_eq!(panic.0, "in on_event");
    assert_eq!(panic, panic_of(by_tracing));
    assert_eq!(panic.1[panic.1.len() - NEXT.len()..], NEXT);
}

#[test]
fn a_panic_at_the_record_of_an_error_is_the_callers_after_the_call_has_ended() {
    a_panic_at_the_record(fails, fails_by_tracing);
    a_panic_at_the_record(|| run(fails_later()), || run(fails_by_tracing_later()));
}

#[instrumented(event = "hostile.quiet")]
fn fails_quietly() -> Answer {
    Err("as always")
}

#[instrumented(event = "hostile.quiet", name = "fails_quietly")]
async fn fails_quietly_later() -> Answer {
    Err("as always")
}

/// Tracing's attributes record nothing of a failure on the span, and so nothing is the caller's.
#[track_caller]
fn a_panic_at_the_span(code: fn() -> Answer, happens: &[&str]) {
    let ((answer, lines), events) = heard("hostile.quiet.*", || spans(Panics::InOnRecord, code));
    assert_eq!(answer, Err("as always"));
    assert_eq!(events, started_and_failed("hostile.quiet"));
    assert_eq!(lines, [happens, &NEXT].concat());
}

#[test]
fn a_panic_at_what_is_recorded_of_a_failure_is_nobodys() {
    const OPENED: &str = "fails_quietly in nothing";
    a_panic_at_the_span(fails_quietly, &[OPENED, "entered", "exited", "closed"]);
    // In its span the future is polled, and then dropped.
    a_panic_at_the_span(
        || run(fails_quietly_later()),
        &[OPENED, "entered", "exited", "entered", "exited", "closed"],
    );
}

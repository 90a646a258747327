//! Values, places and handlers that mean harm.

use std::{
    cell::RefCell,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
};

use gambeson::{Event, Handler, SkipReason, Telemetry};
use tracing::{info, info_span};

use super::{hear_into, heard, set_up};

struct Panics;

impl fmt::Debug for Panics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half ")?;
        panic!("in Debug");
    }
}

/// Logs, and opens a span, of the target that it is a value of.
struct Logs;

impl fmt::Debug for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _inside = info_span!(target: "hostile::value", "of_value").entered();
        info!(target: "hostile::value", "of value");
        f.write_str("logged")
    }
}

#[test]
fn a_value_that_panics_or_logs_is_contained() {
    let heard = heard("hostile.value.**", || {
        info!(target: "hostile::value", panics = ?Panics, logs = ?Logs);
        let span = info_span!(target: "hostile::value", "span", value = ?Panics);
        span.record("value", tracing::field::debug(Logs));
    });
    let of_value = r#"level="INFO" target="hostile::value""#;
    assert_eq!(
        heard,
        [
            format!(
                r#"hostile.value.event {of_value} panics="<formatting panicked>" logs="logged""#
            ),
            format!(r#"hostile.value.span.start {of_value} value="<formatting panicked>""#),
            // What is recorded later is formatted outside of any telling.
            format!("hostile.value.of_value.start {of_value}"),
            format!(r#"hostile.value.event {of_value} message="of value""#),
            format!("hostile.value.of_value.stop {of_value}"),
            format!(r#"hostile.value.span.stop {of_value} value="logged""#),
        ]
    );
}

/// Never ends.
struct Endless;

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        loop {
            f.write_str("é")?;
        }
    }
}

#[test]
fn a_text_without_end_is_cut() {
    set_up();
    let telemetry = Telemetry::isolated();
    let check = |event: &Event<'_>| {
        let length = |key| event.text(key).map(str::len);
        assert_eq!(
            (length("endless"), length("long")),
            (Ok(65_536), Ok(65_536))
        );
    };
    telemetry
        .attach(Handler::new("check", "hostile.long.event", check))
        .unwrap();
    let long = "é".repeat(100_000);
    telemetry.enter(|| info!(target: "hostile::long", endless = %Endless, long));
    let report = telemetry.shutdown();
    assert_eq!(report.handler("check").unwrap().handled, 1);
}

#[test]
fn a_handler_that_panics_reaches_nobody() {
    set_up();
    let telemetry = Telemetry::isolated();
    let panic = |event: &Event<'_>| -> () { panic!("on {}", event.name()) };
    let handler = Handler::new("panics", "hostile.handler.**", panic);
    telemetry.attach(handler).unwrap();
    telemetry.enter(|| {
        let span = info_span!(target: "hostile::handler", "span");
        span.in_scope(|| info!(target: "hostile::handler", "event"));
    });
    let report = telemetry.shutdown();
    let panics = report.handler("panics").unwrap();
    assert_eq!(panics.matched, 3);
    assert_eq!(panics.skipped(SkipReason::Unexpected), 3);
}

/// Logs when it is dropped.
struct LogsInDrop;

impl Drop for LogsInDrop {
    fn drop(&mut self) {
        let _inside = info_span!(target: "hostile::drop", "span").entered();
        info!(target: "hostile::drop", unwinding = thread::panicking(), value = ?Panics);
    }
}

const IN_DROP: [&str; 3] = [
    r#"hostile.drop.span.start level="INFO" target="hostile::drop""#,
    r#"hostile.drop.event level="INFO" target="hostile::drop" unwinding=false value="<formatting panicked>""#,
    r#"hostile.drop.span.stop level="INFO" target="hostile::drop""#,
];

#[test]
fn heard_while_unwinding() {
    let heard = heard("hostile.drop.**", || {
        let unwound = catch_unwind(AssertUnwindSafe(|| {
            let _logs = LogsInDrop;
            panic!("on purpose");
        }));
        assert!(unwound.is_err());
    });
    let unwinding = IN_DROP.map(|line| line.replace("false", "true"));
    assert_eq!(heard, unwinding);
}

thread_local! {
    static LAST: RefCell<Option<LogsInDrop>> = const { RefCell::new(None) };
}

/// The events of a thread that has left all scopes go to the process's telemetry.
#[test]
fn heard_in_the_destructor_of_a_thread_local() {
    set_up();
    let events = Arc::default();
    let telemetry = Telemetry::builder().filter(|_| false).start().unwrap();
    telemetry
        .attach(Handler::new("ear", "hostile.drop.**", hear_into(&events)))
        .unwrap();
    thread::spawn(|| LAST.set(Some(LogsInDrop))).join().unwrap();
    telemetry.shutdown();
    assert_eq!(*events.lock().unwrap(), IN_DROP);
}

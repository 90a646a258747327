//! `sensitive`: arguments and fields whose values nobody is told.

use std::cell::Cell;

use gambeson::instrumented;
use gambeson_tests::Records;

use super::{configured, heard, run, seen::seen, values::Asked};

#[derive(Debug)]
struct Account(&'static str);

impl Account {
    #[instrumented(event = "sensitive.login", sensitive(self, password))]
    fn login(&self, password: &str, attempts: u8) -> usize {
        self.0.len() + password.len() + usize::from(attempts)
    }
}

#[instrumented(event = "sensitive.later", sensitive(left, pin), fields(pin = pin.1, open = 1))]
async fn later((left, right): (u8, u8), pin: (&str, u16)) -> u16 {
    u16::from(left + right) + pin.1
}

#[test]
fn a_span_says_only_that_there_is_a_value() {
    let (value, lines) = seen(|| Account("Ada").login("secret", 2));
    assert_eq!(value, 11);
    assert_eq!(
        lines,
        [
            "INFO instrumented::sensitive login: self=text [redacted] password=text [redacted] \
             attempts=u64 2"
        ]
    );
    let (value, lines) = seen(|| run(later((1, 2), ("pin", 1234))));
    assert_eq!(value, 1237);
    assert_eq!(
        lines,
        [
            "INFO instrumented::sensitive later: left=text [redacted] right=text 2 \
          pin=text [redacted] open=i64 1"
        ]
    );
}

#[test]
fn so_do_the_events() {
    let (_, events) = heard("sensitive.later.*", || run(later((1, 2), ("pin", 1234))));
    let fields = r#"pin="[redacted]" open=1"#;
    assert_eq!(
        events,
        ["start", "stop"].map(|ending| format!("sensitive.later.{ending} {fields}"))
    );
}

#[test]
fn so_does_the_debug_log() {
    let records = Records::new();
    let telemetry = configured("[telemetry]\ndebug = true");
    records.capture(|| telemetry.enter(|| Account("Ada").login("secret", 2)));
    let started = records.saying("call started");
    assert_eq!(started.len(), 1);
    assert_eq!(
        started[0].field("fields"),
        Some("self=[redacted] password=[redacted] attempts=2")
    );
}

#[test]
fn the_value_is_not_asked_for() {
    #[instrumented(sensitive(asked, field), fields(field = asked.now()))]
    fn ask(asked: &Asked<'_>) -> u32 {
        asked.times()
    }
    let times = Cell::new(0);
    let (asked, lines) = seen(|| ask(&Asked(&times)));
    assert_eq!(
        lines,
        ["INFO instrumented::sensitive ask: asked=text [redacted] field=text [redacted]"]
    );
    assert_eq!(asked, 0);
}

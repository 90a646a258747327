//! The values of calls in the debug log, where the config opens the gate.

use std::cell::Cell;

use gambeson::instrumented;
use gambeson_tests::{Record, Records};

use super::{configured, run, seen::unseen, thrown, values::Asked};

/// The records of calls that the debug log has of `code` under this config.
fn logged<R>(config: &str, code: impl FnOnce() -> R) -> (R, Vec<String>) {
    let telemetry = configured(config);
    let records = Records::new();
    let value = records.capture(|| telemetry.enter(code));
    (value, records.all().iter().map(line).collect())
}

/// A record without its time.
fn line(record: &Record) -> String {
    let field = |name| record.field(name).unwrap_or("-");
    let ended = field("message") == "call ended";
    assert_eq!(record.field("took").is_some(), ended, "{record:?}");
    assert_eq!(record.level, tracing::Level::DEBUG);
    let function = field("function").trim_start_matches("instrumented::logged::");
    let (event, fields) = (field("event"), field("fields"));
    let suppressed = match record.field("suppressed") {
        Some(count) => format!(" after {count}"),
        None => String::new(),
    };
    format!("{function}: {event} {fields}{suppressed}")
}

const OPEN: &str = "[telemetry]\ndebug = true";
const SHUT: &str = "";

/// As many records as there may be.
const ROOM: &str = "[telemetry.debug_log]\nburst = 1000\n";

#[derive(Debug, thiserror::Error)]
#[error("too much")]
struct TooMuch;

#[instrumented(event = "log.values", skip(card), fields(double = order * 2))]
fn values(order: u32, name: &str, card: &str) -> Result<(u32, usize), TooMuch> {
    if order == 13 {
        std::panic::panic_any("unlucky");
    }
    if order > 100 {
        return Err(TooMuch);
    }
    Ok((order, name.len() + card.len()))
}

#[instrumented(event = "log.later")]
async fn later(order: u32) -> Result<u32, TooMuch> {
    if order > 100 { Err(TooMuch) } else { Ok(order) }
}

#[test]
fn the_arguments_and_the_result_are_logged() {
    let (_, lines) = logged(OPEN, || values(1, "Ada", "4111"));
    assert_eq!(
        lines,
        [
            r#"values: log.values.start order=1 name="Ada" double=2"#,
            r#"values: log.values.stop return="Ok((1, 7))""#
        ]
    );
    let (_, lines) = logged(OPEN, || run(later(1)));
    assert_eq!(
        lines,
        [
            "later: log.later.start order=1",
            r#"later: log.later.stop return="Ok(1)""#
        ]
    );
}

#[test]
fn a_failure_is_logged_with_its_reason() {
    #[instrumented(event = "log.fails")]
    fn fails(panics: bool) -> Result<(), TooMuch> {
        assert!(!panics, "as it was asked to");
        Err(TooMuch)
    }
    let (_, lines) = logged(OPEN, || fails(false));
    assert_eq!(
        lines,
        [
            "fails: log.fails.start panics=false",
            r#"fails: log.fails.exception kind="error" reason="unexpected" error="too much""#
        ]
    );
    let (_, lines) = logged(OPEN, || thrown::<&str, _>(|| fails(true)));
    assert_eq!(
        lines,
        [
            "fails: log.fails.start panics=true",
            r#"fails: log.fails.exception kind="panic" reason="unexpected" error="as it was asked to""#
        ]
    );
}

#[test]
fn a_value_that_cannot_be_shown_is_left_out() {
    struct Opaque;
    #[instrumented(event = "log.opaque", skip_all)]
    fn opaque(number: u8) -> Option<Opaque> {
        (number > 0).then_some(Opaque)
    }
    let (_, lines) = logged(OPEN, || opaque(1));
    assert_eq!(
        lines,
        ["opaque: log.opaque.start ", "opaque: log.opaque.stop "]
    );
}

#[instrumented(event = "log.gate.one")]
fn one(order: u8) -> u8 {
    order
}

#[instrumented(event = "log.gate.other")]
fn other(order: u8) -> u8 {
    order
}

fn one_and_other() {
    one(1);
    other(2);
}

const OF_ONE: [&str; 2] = [
    "one: log.gate.one.start order=1",
    r#"one: log.gate.one.stop return="1""#,
];

const OF_OTHER: [&str; 2] = [
    "other: log.gate.other.start order=2",
    r#"other: log.gate.other.stop return="2""#,
];

#[test]
fn the_gate_is_open_for_what_the_rules_name() {
    let rule = |rule: &str| format!("[[telemetry.rule]]\n{rule}\ndebug = true");
    let all = [OF_ONE, OF_OTHER].concat();
    for (config, expected) in [
        (SHUT.to_owned(), vec![]),
        (OPEN.to_owned(), all.clone()),
        (rule("event = \"log.gate.one.*\""), OF_ONE.to_vec()),
        (rule("event = \"log.gate.**\""), all.clone()),
        (rule("event = \"log.gate.other.stop\""), vec![OF_OTHER[1]]),
        (
            rule("handler = \"instrumented::logged::one\""),
            OF_ONE.to_vec(),
        ),
        (rule("handler = \"other\""), OF_OTHER.to_vec()),
        (rule("handler = \"instrumented::**\""), all),
        (
            rule("handler = \"one\"\nevent = \"log.gate.other.*\""),
            vec![],
        ),
    ] {
        let config = format!("{config}\n{ROOM}");
        assert_eq!(logged(&config, one_and_other).1, expected, "{config}");
    }
}

#[test]
fn the_last_rule_that_matches_wins() {
    let rule = "[[telemetry.rule]]\nhandler = \"one\"\ndebug = false";
    let config = format!("{OPEN}\n{rule}\n{ROOM}");
    assert_eq!(logged(&config, one_and_other).1, OF_OTHER);
}

#[test]
fn what_debug_log_says_is_redacted() {
    #[instrumented(event = "log.redacted", fields(payment.card = number))]
    fn redacted(card: &str, number: u32, open: bool) -> usize {
        card.len() + number as usize + usize::from(open)
    }
    let config =
        "[telemetry]\ndebug = true\n[telemetry.debug_log]\nredact = [\"card\", \"return\"]";
    let (_, lines) = logged(config, || redacted("4111", 5, true));
    assert_eq!(
        lines,
        [
            "redacted: log.redacted.start card=[redacted] number=5 open=true \
             payment.card=[redacted]",
            "redacted: log.redacted.stop return=[redacted]"
        ]
    );
}

#[test]
fn so_many_are_logged_at_once_and_the_next_says_how_many_were_not() {
    #[instrumented(event = "log.often")]
    fn often(call: u8) {
        let _ = call;
    }
    let config = "[telemetry]\ndebug = true\n[telemetry.debug_log]\nburst = 3\nper_minute = 6";
    let ((), lines) = logged(config, || (0..5).for_each(often));
    assert_eq!(
        lines,
        [
            "often: log.often.start call=0",
            "often: log.often.stop ",
            "often: log.often.start call=1"
        ]
    );
    // Another telemetry has another rate; what was not told is the function's.
    let config = "[telemetry]\ndebug = true\n[telemetry.debug_log]\nburst = 100\nper_minute = 60";
    let ((), lines) = logged(config, || often(5));
    assert_eq!(
        lines,
        [
            "often: log.often.start call=5 after 7",
            "often: log.often.stop "
        ]
    );
}

#[test]
fn nothing_is_asked_for_while_the_gate_is_shut() {
    #[instrumented(event = "log.asked")]
    fn asked<'a>(argument: &Asked<'a>, result: &'a Cell<u32>) -> Asked<'a> {
        let _ = argument;
        Asked(result)
    }
    let (argument, result) = (Cell::new(0), Cell::new(0));
    let call = || {
        asked(&Asked(&argument), &result);
    };
    let times = || (argument.get(), result.get());
    let ((), lines) = logged(OPEN, call);
    assert_eq!((lines.len(), times()), (2, (1, 1)), "{lines:?}");
    configured(SHUT).enter(|| unseen(call));
    let elsewhere = "[[telemetry.rule]]\nhandler = \"one\"\ndebug = true";
    configured(elsewhere).enter(|| unseen(call));
    unseen(call);
    assert_eq!(times(), (1, 1));
}

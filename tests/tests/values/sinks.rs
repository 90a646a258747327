//! The bytes that sinks write of a skip, whatever was in it.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

use gambeson::{Handler, context, emit};
use gambeson_tests::Records;

use super::{Heard, Sink, telling};

/// What forges a line or steers a terminal.
const NASTY: &str = "a\n2026 ERROR fake\r\u{1b}[2J\u{1b}]0;t\u{7}\0\u{2028}\u{2029}\u{202e}\u{2066}\u{9b}\u{85}\u{7f}b";

/// What is in the lines that may not stand in one.
fn forged(lines: &str) -> Vec<char> {
    let forges = |char: &char| {
        char.is_control() && *char != '\n' || "\u{2028}\u{2029}\u{202e}\u{2066}".contains(*char)
    };
    lines.chars().filter(forges).collect()
}

/// A skip with all of that in everything that can have it.
fn skip_with(nasty: &'static str) {
    let panics = Handler::new("panics", "case.run", move |_| -> () { panic!("{nasty}") });
    let errs = Handler::new("errs", "case.run", move |_| Err::<(), _>(nasty));
    let telemetry = telling([panics, errs]);
    context::scope([("customer", nasty)], || {
        context::breadcrumb(nasty);
        telemetry.enter(|| emit!("case.run", {}, { text = nasty, shown = %nasty, debug = ?nasty }));
    });
}

#[test]
fn a_record_is_one_line_of_the_stock_formatter() {
    let lines = Sink::capture(false, || skip_with(NASTY));
    assert_eq!(lines.matches('\n').count(), 2, "{lines:?}");
    assert_eq!(forged(&lines), [], "{lines:?}");
    let told = r"error=a\n2026 ERROR fake\r\u{1b}[2J";
    let plain = lines.replace('"', "").replace(r"\\", r"\");
    assert_eq!(plain.matches(told).count(), 2, "{lines:?}");
}

#[test]
fn a_record_is_one_line_of_json() {
    let lines = Sink::capture(true, || skip_with(NASTY));
    assert_eq!(lines.matches('\n').count(), 2, "{lines:?}");
    assert_eq!(forged(&lines), [], "{lines:?}");
    for line in lines.lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let error = record["fields"]["error"].as_str().expect("the error");
        assert!(
            error.starts_with(r"a\n2026 ERROR fake\r\u{1b}[2J"),
            "{error}"
        );
        assert_eq!(forged(error), []);
    }
}

/// Without us the same text gets through both.
#[test]
fn a_bare_record_is_not() {
    let bare = || tracing::error!(error = %NASTY, "skipped");
    let lines = Sink::capture(false, bare);
    assert!(lines.matches('\n').count() > 1, "{lines:?}");
    assert_ne!(forged(&lines), []);
    assert_ne!(forged(&Sink::capture(true, bare)), []);
}

/// A path need not be UTF-8: here it is half of a surrogate pair.
#[test]
fn what_is_no_text_is_shown_as_a_replacement() {
    let path = Path::new(OsStr::from_bytes(b"/lost/\xed\xa0\x80\n"));
    let heard = Heard::default();
    let records = Records::new();
    records.capture(|| {
        let panics = Handler::new("panics", "case.run", move |_| -> () {
            panic!("no {} nor {}", path.display(), path.to_string_lossy())
        });
        let telemetry = telling([heard.handler(), panics]);
        telemetry.enter(|| emit!("case.run", {}, { path = %path.display() }));
    });
    assert_eq!(heard.all(), ["/lost/\u{fffd}\u{fffd}\u{fffd}\n"]);
    let skips = records.skips();
    let error = skips[0].field("error").unwrap();
    let shown = "/lost/\u{fffd}\u{fffd}\u{fffd}\\n";
    assert_eq!(error, format!("no {shown} nor {shown}"));
}

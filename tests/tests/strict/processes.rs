//! As processes: the exit status, what the panic hook says once, and the record and the counts that
//! were there before; and beside each its twin in defensive mode, which succeeds.

use gambeson_tests::{Ended, Scenario};

const SKIPPED: &str = "handler skipped";

fn run(place: &str, mode: Option<&str>) -> Ended {
    let mut scenario = Scenario::new(env!("CARGO_BIN_EXE_strict"), place);
    scenario.command().args(mode);
    scenario.run()
}

/// The record of the skip and the counts, in this order.
#[track_caller]
fn tells_record_and_counts(ended: &Ended, handler: &str) {
    let lines: Vec<&str> = ended.stdout.lines().collect();
    let counts = "counts: 1 = 0 handled + 1 unexpected";
    let record = lines.iter().position(|line| line.contains(SKIPPED));
    let counted = lines.iter().position(|line| *line == counts);
    let (Some(record), Some(counted)) = (record, counted) else {
        panic!("a record and counts: {ended:?}")
    };
    assert!(record < counted, "{ended:?}");
    assert!(lines[record].contains(handler), "{ended:?}");
    assert_eq!(ended.stdout.matches(SKIPPED).count(), 1, "{ended:?}");
}

#[track_caller]
fn twin_succeeds(place: &str, handler: &str) {
    let twin = run(place, Some("defensive"));
    assert_eq!(twin.status.code(), Some(0), "{twin:?}");
    tells_record_and_counts(&twin, handler);
    assert!(twin.stdout.ends_with("done\n"), "{twin:?}");
    assert_eq!(twin.stderr, "");
}

/// The panic is told once, at its place, and ends the process.
#[track_caller]
fn fails(place: &str, handler: &str, file: &str) {
    let ended = run(place, None);
    assert_eq!(ended.status.code(), Some(101), "{ended:?}");
    tells_record_and_counts(&ended, handler);
    assert!(!ended.stdout.contains("done"), "{ended:?}");
    let told = format!("panicked at tests/src/bin/strict/{file}:");
    assert_eq!(ended.stderr.matches("panicked at").count(), 1, "{ended:?}");
    assert!(ended.stderr.contains(&told), "{ended:?}");
    assert_eq!(ended.stderr.matches("\nboom\n").count(), 1, "{ended:?}");
    twin_succeeds(place, handler);
}

#[test]
fn a_registered_handler() {
    fails("registered", "till", "main.rs");
}

/// It has no place, and so the hook says nothing: its record tells it.
#[test]
fn an_error_of_a_registered_handler() {
    let ended = run("error", None);
    assert_eq!(ended.status.code(), Some(101), "{ended:?}");
    tells_record_and_counts(&ended, "till");
    assert_eq!(ended.stderr, "");
    twin_succeeds("error", "till");
}

#[test]
fn a_defended_function() {
    fails("plain", "plain", "places.rs");
    fails("plain_async", "plain_async", "places.rs");
}

#[test]
fn an_instrumented_function_that_is_defended() {
    fails("instrumented", "instrumented", "places.rs");
    fails("instrumented_async", "instrumented_async", "places.rs");
}

/// Where the emission has long gone well: whoever waits for the queue goes on with the panic.
#[test]
fn a_queued_handler() {
    fails("queued", "till", "main.rs");
    fails("async_flush", "till", "places.rs");
    fails("async_shutdown", "till", "places.rs");
    fails("async_drop", "till", "places.rs");
}

/// A success that is asked for is none.
#[test]
fn an_exit_after_a_queued_handler_has_panicked() {
    let ended = run("async_exit", None);
    assert_eq!(ended.status.code(), Some(101), "{ended:?}");
    tells_record_and_counts(&ended, "till");
    assert_eq!(ended.stderr.matches("panicked at").count(), 1, "{ended:?}");
    twin_succeeds("async_exit", "till");
}

/// The backtrace is that of the panic, for whoever asks for it.
#[test]
fn a_backtrace_is_printed_where_it_is_asked_for() {
    for (mode, expected) in [(None, 1), (Some("defensive"), 0)] {
        let mut scenario = Scenario::new(env!("CARGO_BIN_EXE_strict"), "async_flush");
        scenario.command().args(mode).env("RUST_BACKTRACE", "1");
        let ended = scenario.run();
        let backtraces = ended.stderr.matches("stack backtrace:").count();
        assert_eq!(backtraces, expected, "{ended:?}");
    }
}

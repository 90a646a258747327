//! G7: floods cost bounded time, memory and lines, and no count is lost. Each in a process, which
//! fails where something is not bounded.

use std::time::Duration;

use gambeson_tests::Scenario;

#[track_caller]
fn flood(name: &str, stdout: &str) {
    let program = Scenario::new(env!("CARGO_BIN_EXE_sink"), name);
    let ended = program.within(Duration::from_secs(60)).run();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stdout, stdout, "{ended:?}");
    assert_eq!(ended.stderr, "", "{ended:?}");
}

#[test]
fn a_million_failures_for_one_reason() {
    flood("million", "till: 1000000 = 0 handled + 1000000 timed_out\n");
}

#[test]
fn a_hundred_thousand_messages() {
    flood("distinct", "till: 100000 = 0 handled + 100000 unexpected\n");
}

/// Records are written on the emitter's thread: who waits for a slow log is the few that the rate
/// limit lets through.
#[test]
fn a_slow_log_and_a_hundred_thousand_skips() {
    flood("slow", "till: 100000 = 0 handled + 100000 timed_out\n");
}

/// The twin: without the limit every emission waits, and every skip is a line.
#[test]
fn a_slow_log_without_a_limit() {
    flood("unlimited", "till: 20 = 0 handled + 20 timed_out\n");
}

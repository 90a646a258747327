//! Values that could end the process, and what no guard contains: each in a process of its own, as
//! the documentation says it.

use std::{os::unix::process::ExitStatusExt, time::Duration};

use gambeson_tests::{Ended, Scenario};

const SIGABRT: i32 = 6;

fn limit(name: &str) -> Scenario {
    Scenario::new(env!("CARGO_BIN_EXE_limit"), name)
}

/// Runs one that succeeds and says `stdout`; what it said on its standard error.
#[track_caller]
fn succeeds(name: &str, stdout: &str) -> String {
    let ended = limit(name).within(Duration::from_secs(5)).run();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stdout, stdout, "{ended:?}");
    ended.stderr
}

/// Runs one that aborts after it said `stdout`, and why.
#[track_caller]
fn aborts(name: &str, stdout: &str, why: &str) -> Ended {
    let ended = limit(name).run();
    assert_eq!(ended.status.signal(), Some(SIGABRT), "{ended:?}");
    assert_eq!(ended.stdout, stdout, "{ended:?}");
    assert!(ended.stderr.contains(why), "{ended:?}");
    ended
}

/// Without a guard a value that shows itself ends the process.
#[test]
fn a_bare_recursion_overflows_the_stack() {
    aborts("bare_recursion", "", "has overflowed its stack");
}

#[test]
fn a_value_that_emits_itself_is_shown_once() {
    let told = "shop.shown basket=\"<formatted inside another value>\"\n\
                shop.filled basket=\"a basket\"\n";
    let after = "shop.filled after=\"\\\"it\\\"\"\n";
    let debug = format!("{told}{after}till: 3 = 3 handled\n");
    assert_eq!(succeeds("debug_emits_itself", &debug), "");
    let display = format!("{told}till: 2 = 2 handled\n");
    assert_eq!(succeeds("display_emits_itself", &display), "");
}

/// Without the layer's guard a value that logs itself ends the process.
#[test]
fn a_bare_log_overflows_the_stack() {
    let ended = aborts("bare_log", "", "has overflowed its stack");
    assert!(!ended.stderr.contains("a basket"), "{ended:?}");
}

#[test]
fn a_value_that_logs_itself_is_shown_once() {
    let told = "shop.event level=\"INFO\" target=\"shop\" message=\"filled\" basket=\"a basket\"\n\
                till: 1 = 1 handled\n";
    assert_eq!(succeeds("debug_logs_itself", told), "");
}

#[test]
fn a_value_that_calls_an_instrumented_method_is_shown_once() {
    let told = "shop.list.len.start\nshop.list.len.start\ntill: 2 = 2 handled\n";
    assert_eq!(succeeds("debug_calls_instrumented", told), "");
}

/// The error is asked once for what it says, both to be classified and to be told.
#[test]
fn an_error_that_emits_its_own_event_is_shown_once() {
    let told = "till: 2 = 0 handled + 1 reentrant + 1 unexpected\n";
    let stderr = succeeds("error_emits_itself", told);
    assert_eq!(
        stderr,
        "gambeson: handler `till` skipped as unexpected: the basket is full\n"
    );
}

/// It is shown when its handler's call is over, so that the handler is called again.
#[test]
fn a_thrown_error_that_emits_its_own_event_comes_to_an_end() {
    let told = "till: 5 = 0 handled + 5 unexpected\n";
    let stderr = succeeds("thrown_error_emits_itself", told);
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[test]
fn a_payload_that_panics_when_dropped_is_contained() {
    let told = |counts| format!("till: 1 = 0 handled + 1 unexpected\n{counts}\n");
    for (name, counts) in [
        ("payload_chain_1", "1 panicked, 0 leaked\nfalse"),
        ("payload_chain_3", "3 panicked, 0 leaked\nfalse"),
        ("payload_chain_100", "8 panicked, 1 leaked\ntrue"),
    ] {
        let stderr = succeeds(name, &told(counts));
        assert_eq!(stderr.lines().count(), 1, "the record alone: {stderr}");
    }
}

/// Without a guard around the payload's drop its panic goes on.
#[test]
fn a_payload_that_a_bare_catch_drops_is_not() {
    let ended = limit("bare_payload_chain").run();
    assert_eq!(ended.status.code(), Some(101), "{ended:?}");
}

/// It comes out as it went in, and no hook hears of it on the way.
#[test]
fn a_type_that_passes_through_runs_no_second_hook() {
    let told = "true, 0 hooks\ntrue, 0 hooks\ntrue, 0 hooks\n\
                flow: 1 = 0 handled + 1 cancelled\n\
                plain: 1 = 0 handled + 1 cancelled\n\
                plain_async: 1 = 0 handled + 1 cancelled\n\
                0 in flight\n";
    succeeds("passing", told);
}

#[test]
fn a_thread_that_a_handler_starts_speaks_for_itself() {
    let stderr = succeeds("child", "till: 1 = 1 handled\n");
    assert_eq!(stderr.matches("panicked at").count(), 1, "{stderr}");
    assert!(stderr.contains("thread 'child'"), "{stderr}");
    assert!(stderr.contains("in the child"), "{stderr}");
}

/// The text without what would forge a line or steer a terminal.
const SAFE: &str = r"a\n2026 ERROR fake\r\u{1b}[2J\u{1b}]0;t\u{7}\u{2028}\u{202e}\u{9b}\u{7f}b";

/// No character of a line but what may stand there.
#[track_caller]
fn is_safe(line: &str) {
    let forges = |char: char| char.is_control() || "\u{2028}\u{2029}\u{202e}".contains(char);
    assert!(!line.contains(forges), "{line:?}");
}

#[test]
fn the_line_of_a_bug_is_one_line() {
    let stderr = succeeds("nasty", "till: 1 = 0 handled + 1 unexpected\n");
    let line = stderr.strip_suffix('\n').expect("a line");
    is_safe(line);
    let told = format!("gambeson: handler `till` skipped as unexpected: {SAFE} at tests/src/bin/");
    assert!(line.starts_with(&told), "{line}");
}

#[test]
fn what_is_said_of_a_caught_panic_is_safe() {
    let stderr = succeeds("nasty_caught", "till: 1 = 1 handled\n");
    let lines: Vec<&str> = stderr.split('\n').collect();
    lines.iter().copied().for_each(is_safe);
    let ["", place, SAFE, ""] = lines[..] else {
        panic!("{lines:?}");
    };
    assert!(
        place.starts_with("thread 'main' panicked at tests/src/bin/limit/"),
        "{place}"
    );
}

#[test]
fn the_line_of_a_bug_has_no_secret() {
    let stderr = succeeds("secret", "till: 1 = 0 handled + 1 unexpected\n");
    assert!(
        stderr.contains(": no [redacted] for [redacted] at "),
        "{stderr}"
    );
    assert!(stderr.ends_with(", for password=[redacted]\n"), "{stderr}");
}

#[test]
fn a_panic_in_an_extern_c_frame_aborts() {
    aborts("extern_c", "", "panic in a function that cannot unwind");
    let told = "till: 1 = 0 handled + 1 unexpected\n";
    succeeds("extern_c_unwind", told);
}

#[test]
fn a_foreign_exception_aborts() {
    aborts(
        "foreign_exception",
        "",
        "Rust cannot catch foreign exceptions",
    );
}

#[test]
fn a_derived_debug_of_a_deep_value_aborts() {
    let before = "till: 1 = 1 handled\n";
    aborts("deep_debug", before, "has overflowed its stack");
}

/// The handler's own panic there is contained, and the destructor's is not.
#[test]
fn a_thread_local_that_panics_outside_a_call_aborts() {
    let ended = aborts("thread_local_outside", "", "thread local panicked on drop");
    let contained = "gambeson: handler `till` skipped as unexpected: contained at";
    assert!(ended.stderr.contains(contained), "{ended:?}");
}

#[test]
fn a_job_of_rayon_that_panics_aborts() {
    aborts("rayon", "till: 1 = 1 handled\n", "on another's thread");
}

/// The limits as the documentation names them, and the test of each.
const LIMITS: &[(&str, &str)] = &[
    ("`panic = \"abort\"`", "panic_abort_is_told_and_aborts"),
    (
        "a second panic in a destructor during unwinding",
        "two_panicking_destructors_abort",
    ),
    (
        "a panic in a panic hook",
        "a_panicking_hook_aborts_except_for_contained_panics",
    ),
    ("stack overflow", "a_stack_overflow_aborts"),
    (
        "a derived `Debug` of a value so deep that it overflows the stack",
        "a_derived_debug_of_a_deep_value_aborts",
    ),
    (
        "a failed allocation",
        "a_failed_allocation_aborts_and_an_absurd_one_does_not",
    ),
    (
        "a panic that leaves an `extern \"C\"` frame below the guard",
        "a_panic_in_an_extern_c_frame_aborts",
    ),
    (
        "an exception of another language, through `extern \"C-unwind\"`",
        "a_foreign_exception_aborts",
    ),
    (
        "a panic in a thread-local's destructor, outside any handler",
        "a_thread_local_that_panics_outside_a_call_aborts",
    ),
    (
        "a panic on a thread that a handler started",
        "a_thread_that_a_handler_starts_speaks_for_itself",
    ),
    (
        "a panic in a job that a handler left to rayon",
        "a_job_of_rayon_that_panics_aborts",
    ),
    (
        "a `fallback` that panics",
        "a_fallback_that_panics_is_the_callers",
    ),
    (
        "a call that never returns",
        "a_deadline_that_passes_is_told_and_late_calls_are_refused",
    ),
    (
        "a formatter that never returns and writes nothing",
        "an_emission_waits_for_a_formatter",
    ),
    (
        "what a formatter allocates for itself",
        "what_a_formatter_allocates_for_itself_is_not_bounded",
    ),
    (
        "an availability probe that blocks",
        "an_emission_waits_for_a_probe",
    ),
];

/// Where they are.
const TESTS: [&str; 4] = [
    include_str!("limits.rs"),
    include_str!("scenarios.rs"),
    include_str!("values/limits.rs"),
    include_str!("behaviour/detach.rs"),
];

#[test]
fn every_limit_of_the_documentation_is_a_test() {
    let page = include_str!("../../runtime/docs/guarantees.md");
    let (_, table) = page
        .split_once("## What cannot be contained")
        .expect("the section");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| "));
    let rows = rows.filter_map(|row| row.split_once(" | "));
    let documented: Vec<&str> = rows.map(|(what, _)| what).skip(1).collect();
    let tested: Vec<&str> = LIMITS.iter().map(|(what, _)| *what).collect();
    assert_eq!(documented, tested);
    for (what, test) in LIMITS {
        let function = format!("fn {test}()");
        let found = TESTS.iter().any(|file| file.contains(&function));
        assert!(found, "no test `{test}` shows {what}");
    }
}

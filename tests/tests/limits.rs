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

//! What needs a process of its own, since it may end there, or never.

use std::os::unix::process::ExitStatusExt;

use gambeson_tests::{Ended, Scenario};

const SIGABRT: i32 = 6;

fn run(place: &str) -> Ended {
    Scenario::new(env!("CARGO_BIN_EXE_queued"), place).run()
}

/// Its twin without the guard ends the process.
#[test]
fn a_future_that_is_dropped_by_the_panic_of_others() {
    let ended = run("drop_while_unwinding");
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stdout, "1 = 0 handled + 1 cancelled\n");
    assert_eq!(ended.stderr, "");
    let twin = run("bare_drop_while_unwinding");
    assert_eq!(twin.status.signal(), Some(SIGABRT), "{twin:?}");
    assert!(twin.stderr.contains("in the drop of a local"), "{twin:?}");
}

/// The queues of all other handlers are drained before, and its own call is not waited for.
#[test]
fn an_exit_inside_a_queued_handler() {
    let ended = run("exit_inside_handler");
    assert_eq!(ended.status.code(), Some(7), "{ended:?}");
    assert_eq!(ended.stdout, "handled\n".repeat(3));
}

//! What needs a process of its own: exit status, standard output and standard error.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use std::{os::unix::process::ExitStatusExt, path::Path, time::Duration};

use gambeson_tests::{Ended, Scenario};

const SIGABRT: i32 = 6;
const SIGTERM: i32 = 15;

fn scenario(name: &str) -> Scenario {
    Scenario::new(env!("CARGO_BIN_EXE_scenario"), name)
}

/// Runs a scenario that succeeds and says `stdout`; what it said on its standard error.
#[track_caller]
fn succeeds(name: &str, stdout: &str) -> String {
    let ended = scenario(name).run();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stdout, stdout, "{ended:?}");
    ended.stderr
}

#[test]
fn a_contained_panic_is_silent() {
    let mut loud = scenario("contained");
    loud.command().env("RUST_BACKTRACE", "1");
    let ended = loud.run();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stdout, "till: 1 = 0 handled + 1 unexpected\n");
    // The hook says nothing. The bug has a record, and this program no subscriber that takes it.
    let [line] = ended.stderr.lines().collect::<Vec<_>>()[..] else {
        panic!("one line: {ended:?}");
    };
    let told = "gambeson: handler `till` skipped as unexpected: boom at tests/src/bin/scenario/";
    assert!(line.starts_with(told), "{line}");
}

#[test]
fn the_panics_of_others_speak_as_before() {
    let stderr = succeeds("others", "till: 1 = 0 handled + 1 unexpected\n");
    assert_eq!(stderr.matches("panicked at").count(), 1, "{stderr}");
    assert!(
        stderr.contains("thread 'other'") && stderr.contains("not ours"),
        "{stderr}"
    );
}

#[test]
fn a_panic_that_the_handler_catches_is_visible() {
    let stderr = succeeds("caught_inside", "till: 1 = 1 handled\n");
    assert_eq!(stderr.matches("panicked at").count(), 1, "{stderr}");
    assert!(stderr.contains("its own"), "{stderr}");
}

#[test]
fn a_users_hook_is_called_once_a_panic() {
    let told = "till: 1 = 0 handled + 1 unexpected\n";
    let before = succeeds("own_hook_before", told);
    assert_eq!(before.matches("own hook").count(), 1, "{before}");
    assert_eq!(before.matches("panicked at").count(), 1, "{before}");
    let after = succeeds("own_hook_after", told);
    assert_eq!(after.matches("own hook").count(), 2, "{after}");
    assert_eq!(after.matches("panicked at").count(), 1, "{after}");
}

/// A handler that ran there and panicked would abort the process.
#[test]
fn a_handler_is_skipped_inside_a_hook() {
    succeeds(
        "emitting_hook_before",
        "till: 3 = 0 handled + 3 in_panic_hook\n",
    );
    succeeds(
        "emitting_hook_after",
        "till: 6 = 0 handled + 5 in_panic_hook + 1 unexpected\n",
    );
}

#[test]
fn nothing_is_formatted_or_told_in_a_hook() {
    succeeds("hostile_hook", "till: 1 = 0 handled + 1 in_panic_hook\n");
}

#[test]
fn a_hook_sees_for_whom_the_thread_panicked() {
    let said = succeeds(
        "context_in_hook",
        "for order_id=\"A-1\" after [\"the card was charged\", \"<not formatted in a panic hook>\"]\n\
         inside order_id=\"A-1\" in=\"hook\"\n\
         then \n",
    );
    assert_eq!(said, "");
}

#[test]
fn handlers_run_while_the_thread_unwinds() {
    succeeds(
        "unwinding",
        "a_panics: 2 = 0 handled + 2 unexpected\nb_works: 2 = 2 handled\n",
    );
}

#[test]
fn a_start_by_a_panicking_thread_is_refused() {
    let told = "the panic hook cannot be installed by a panicking thread; \
                start the telemetry before\nstarted\n";
    succeeds("start_in_hook", told);
    succeeds("start_while_panicking", told);
}

#[test]
fn eight_threads_install_one_hook() {
    let stderr = succeeds("eight_starts", "till: 1 = 0 handled + 1 unexpected\n");
    assert_eq!(stderr.matches("panicked at").count(), 1, "{stderr}");
}

#[test]
fn a_chain_of_payloads_is_disposed_of_in_silence() {
    let stderr = succeeds("payload_chain", "till: 1 = 0 handled + 1 unexpected\n");
    assert_eq!(stderr.lines().count(), 1, "the record alone: {stderr}");
    assert!(
        stderr.contains("skipped as unexpected: a payload that is no text at"),
        "{stderr}"
    );
}

/// A limit that the documentation states: the process aborts after saying `stdout`, and why.
#[track_caller]
fn aborts(name: &str, stdout: &str, why: &str) {
    let ended = scenario(name).run();
    assert_eq!(ended.status.signal(), Some(SIGABRT), "{ended:?}");
    assert_eq!(ended.stdout, stdout, "{ended:?}");
    assert!(ended.stderr.contains(why), "{ended:?}");
}

#[test]
fn a_stack_overflow_aborts() {
    aborts("stack", "", "has overflowed its stack");
}

#[test]
fn a_failed_allocation_aborts_and_an_absurd_one_does_not() {
    let contained = "absurd: 1 = 0 handled + 1 resource_exhausted\n";
    aborts("memory", contained, "memory allocation of");
}

#[test]
fn a_panicking_hook_aborts_except_for_contained_panics() {
    let contained = "till: 1 = 0 handled + 1 unexpected\n";
    aborts("panicking_hook", contained, "in the hook");
}

/// A limit that the documentation states.
#[test]
fn two_panicking_destructors_abort() {
    let ended = scenario("two_destructors").run();
    assert_eq!(ended.status.signal(), Some(SIGABRT), "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("panic in a destructor during cleanup"),
        "{ended:?}"
    );
}

/// The words of a panic that aborts, said by one that does not.
#[test]
fn a_contained_panic_with_the_words_of_an_abort_is_silent() {
    let stderr = succeeds("words_of_an_abort", "till: 1 = 0 handled + 1 unexpected\n");
    assert!(
        stderr.contains("panic in a destructor during cleanup"),
        "{stderr}"
    );
    assert!(!stderr.contains("panicked at"), "{stderr}");
}

#[test]
fn a_log_in_a_destructor_does_not_abort() {
    let stderr = succeeds("log_in_destructor", "till: 4 = 0 handled + 4 unexpected\n");
    let place = "location=\"tests/src/bin/scenario/main.rs:";
    let is_told = |line: &&str| line.contains("handler skipped") && line.contains(place);
    // Where the stock formatter's own thread-local is gone, it writes nothing.
    assert_eq!(stderr.lines().filter(is_told).count(), 3, "{stderr}");
}

#[test]
fn a_log_to_a_closed_pipe_does_not_panic() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut closed = scenario("log_to_closed_pipe");
    closed.command().stderr(writer);
    let ended = closed.run();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stdout, "till: 2 = 0 handled + 2 unexpected\n");
}

#[test]
fn a_broken_debug_leaves_the_next_line_whole() {
    let stderr = succeeds(
        "log_with_broken_debug",
        "till: 1 = 0 handled + 1 unexpected\n",
    );
    let last = stderr.lines().last().unwrap();
    assert!(last.ends_with("scenario::logs: the next line"), "{stderr}");
    assert!(!stderr.contains("half a line"), "{stderr}");
}

#[test]
fn a_process_ends_while_handlers_run() {
    for _ in 0..100 {
        let ended = scenario("exit_while_dispatching").run();
        assert_eq!(ended.status.code(), Some(7), "{ended:?}");
        assert!(!ended.stderr.contains("panicked at"), "{ended:?}");
        succeeds("return_while_dispatching", "");
    }
}

/// A process that ends with this code, having said this.
#[track_caller]
fn ends(name: &str, code: i32, stdout: &str) -> String {
    let ended = scenario(name).run();
    assert_eq!(ended.status.code(), Some(code), "{ended:?}");
    assert_eq!(ended.stdout, stdout, "{ended:?}");
    ended.stderr
}

#[test]
fn an_exit_handles_what_is_queued() {
    ends("exit", 3, "handled 1000\n");
}

/// The deadline is longer than the process may run: nobody waits for the handler that exits.
#[test]
fn an_exit_inside_a_handler_waits_for_the_others() {
    ends("exit_inside_handler", 4, "slow is drained\n");
}

#[test]
fn an_exit_waits_for_a_shutdown_that_has_begun() {
    ends("exit_while_another_shuts_down", 5, "slow is drained\n");
}

#[test]
fn a_panic_in_main_handles_what_is_queued() {
    let stderr = ends("panic_in_main", 101, "handled 1000\n");
    assert_eq!(stderr.matches("panicked at").count(), 1, "{stderr}");
}

#[test]
fn an_exit_handles_what_is_queued_wherever_it_is_called() {
    ends("exit_in_hook", 6, "handled 1000\n");
    ends("exit_while_unwinding", 7, "handled 1000\n");
    ends("exit_in_thread_local", 8, "handled 1000\n");
    ends("exit_at_once", 9, "handled 1000\n");
}

/// Nobody can end the drop of a value.
#[test]
fn a_signal_ends_a_process_in_which_a_drop_hangs() {
    ends("sigterm_and_a_drop_that_hangs", 0, "");
}

/// The signal is the system's as long as no telemetry is there to be shut down by it.
#[test]
fn a_start_that_failed_takes_no_signal() {
    let ended = scenario("sigterm_after_a_start_that_failed").run();
    assert_eq!(ended.status.signal(), Some(SIGTERM), "{ended:?}");
}

#[test]
fn a_signal_drains_and_ends_well() {
    ends("sigterm", 0, "slow is drained\n");
    ends("sigint", 0, "slow is drained\n");
}

#[test]
fn a_second_signal_ends_at_once() {
    ends("sigterm_twice", 128 + 15, "");
}

#[test]
fn a_host_ends_by_itself_on_a_signal() {
    let told = "SIGINT\nslow is drained\nslow: 1 = 1 handled\n";
    succeeds("signal_for_host", told);
    let told = "SIGTERM\nhandled 1000\ntells_the_last: 1 = 1 handled\n";
    succeeds("signal_for_async_host", told);
}

/// The scenario's program, built with `panic = "abort"` beside this build.
fn abort_build() -> Ended {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("abort");
    let mut cargo = Scenario::new(std::env::var_os("CARGO").unwrap_or("cargo".into()), "build");
    cargo
        .command()
        .args([
            "--quiet",
            "--package",
            "gambeson-tests",
            "--bin",
            "scenario",
            "--profile",
            "abort",
        ])
        .arg("--target-dir")
        .arg(&folder)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("RUSTFLAGS");
    let built = cargo.within(Duration::from_secs(300)).run();
    assert!(built.status.success(), "{built:?}");
    Scenario::new(folder.join("abort/scenario"), "abort").run()
}

/// A limit that is found at start, told once, and shown in the report.
#[test]
fn panic_abort_is_told_and_aborts() {
    let ended = abort_build();
    assert_eq!(ended.status.signal(), Some(SIGABRT), "{ended:?}");
    let warning = "panics are not contained: this build has panic = \"abort\"";
    assert_eq!(ended.stderr.matches(warning).count(), 1, "{ended:?}");
    assert!(
        ended
            .stdout
            .starts_with("till: 1 = 1 handled\naborts: true\n"),
        "{ended:?}"
    );
    assert!(
        ended.stdout.contains("panics are NOT contained"),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("the first panic"), "{ended:?}");
    assert!(!ended.stdout.contains("the process goes on"), "{ended:?}");
    let unwinding = scenario("abort").run();
    assert!(
        unwinding.stdout.ends_with("the process goes on\n"),
        "{unwinding:?}"
    );
}

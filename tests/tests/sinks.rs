//! G7: a log that is deaf, broken or full loses no bug and hurts nobody. Each in a process.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use std::{fs::File, os::unix::process::ExitStatusExt, path::Path};

use gambeson_tests::{Ended, Scenario};

const SIGXFSZ: i32 = 25;

fn program(name: &str) -> Scenario {
    Scenario::new(env!("CARGO_BIN_EXE_sink"), name)
}

/// Runs a program that succeeds and says `stdout`; what it said on its standard error.
#[track_caller]
fn sink(name: &str, stdout: &str) -> String {
    succeeds(program(name).run(), stdout)
}

#[track_caller]
fn succeeds(ended: Ended, stdout: &str) -> String {
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stdout, stdout, "{ended:?}");
    ended.stderr
}

/// A program whose standard error is on a full disk.
fn on_full_stderr(name: &str) -> Ended {
    let mut program = program(name);
    let full = File::options().write(true).open("/dev/full").unwrap();
    program.command().stderr(full);
    program.run()
}

const ONE_BUG: &str = "till: 1 = 0 handled + 1 unexpected\n";

/// The one line of a bug that no subscriber took.
#[track_caller]
fn is_told(stderr: &str) {
    let told = "gambeson: handler `till` skipped as unexpected: boom at tests/src/bin/sink/";
    let lines: Vec<_> = stderr.lines().collect();
    assert!(
        matches!(lines[..], [line] if line.starts_with(told)),
        "{stderr}"
    );
}

#[test]
fn a_bug_on_a_thread_without_a_subscriber_is_told() {
    is_told(&sink("deaf_thread", "till: 2 = 0 handled + 2 unexpected\n"));
}

#[test]
fn a_bug_that_a_subscriber_does_not_want_is_told() {
    is_told(&sink("filtered", ONE_BUG));
}

#[test]
fn a_bug_whose_record_makes_the_subscriber_panic_is_told() {
    let stdout = format!("{ONE_BUG}1 records failed, 0 dropped\n");
    is_told(&sink("panicking", &stdout));
}

const TWO_SKIPS: &str = "slow: 1 = 0 handled + 1 timed_out\n\
                         till: 1 = 0 handled + 1 unexpected\n";

#[test]
fn a_bug_in_the_middle_of_a_record_is_told() {
    is_told(&sink("inside_a_record", TWO_SKIPS));
}

/// A record is never written from inside one: the subscriber is not asked to come back to the lock
/// that it holds. Told without us, it is.
#[test]
fn a_subscriber_that_emits_under_its_lock_does_not_deadlock() {
    is_told(&sink("locked", TWO_SKIPS));
    assert_eq!(sink("locked_bare", "came back to itself\n"), "");
}

/// The first bug is tried again within the rate limit, for nobody was told of one.
#[test]
fn a_full_stderr_hurts_nobody() {
    let stdout = "till: 100 = 0 handled + 100 unexpected\n0 records failed, 5 dropped\n";
    succeeds(on_full_stderr("full_stderr"), stdout);
}

#[test]
fn a_formatter_on_a_full_stderr_hurts_nobody() {
    let stdout = "till: 100 = 0 handled + 100 unexpected\n5 records failed, 0 dropped\n";
    succeeds(on_full_stderr("formatter_on_full_stderr"), stdout);
    let bare = on_full_stderr("formatter_on_full_stderr_bare");
    assert_eq!(bare.status.code(), Some(101), "{bare:?}");
}

/// A program whose log may grow to half a kilobyte or one, as the shell counts.
fn on_full_file(log: &Path, signal: &str) -> Ended {
    let mut shell = Scenario::new("sh", "-c");
    shell
        .command()
        .arg(format!(r#"{signal} ulimit -f 1; exec "$0" full_file "$1""#))
        .arg(env!("CARGO_BIN_EXE_sink"))
        .arg(log);
    shell.run()
}

/// Without a defence of the program against the signal, the system ends it: so the file is full.
#[test]
fn a_full_log_file_hurts_nobody() {
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("full.log");
    let ended = on_full_file(&log, "trap '' XFSZ;");
    let stderr = succeeds(ended, "till: 1000 = 0 handled + 1000 unexpected\n");
    assert_eq!(stderr, "");
    assert!(std::fs::metadata(&log).unwrap().len() <= 1024);
    let undefended = on_full_file(&log, "");
    assert_eq!(undefended.status.signal(), Some(SIGXFSZ), "{undefended:?}");
}

//! Threads, processes and watches by hand: their end is the resource's, with the reason.

use std::{
    fmt, io,
    panic::panic_any,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use gambeson::{DownCause, Readiness, Resource, SkipReason, Status};
use gambeson_tests::{PATIENCE, wait_until};

/// Runs what ends on a named thread that is watched; the text of the death.
fn watched(end: impl FnOnce() + Send + 'static) -> String {
    static PEER: Resource<u32> = Resource::new("peer");
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let thread = thread::Builder::new().name("worker".to_owned());
    let thread = thread.spawn(move || {
        goes_on.recv().unwrap();
        end();
    });
    let _peer = PEER.provide(1);
    PEER.watch(thread.unwrap()).unwrap();
    let mut monitor = PEER.monitor();
    assert_eq!(monitor.try_next(), None);
    go_on.send(()).unwrap();
    let down = monitor.wait(PATIENCE).expect("the thread ended");
    assert_eq!(down.reason, SkipReason::PeerDead);
    assert_eq!(PEER.readiness(), Readiness::Failed);
    down.cause
}

/// An error that is thrown; its text cannot be had.
#[derive(Debug)]
struct Unspeakable;

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("the text of an error")
    }
}

impl std::error::Error for Unspeakable {}

struct DropsBadly;

impl Drop for DropsBadly {
    fn drop(&mut self) {
        panic!("the drop of a payload");
    }
}

#[test]
fn a_thread_says_how_it_ended() {
    assert_eq!(watched(|| ()), "thread `worker` ended");
    assert_eq!(
        watched(|| panic!("literal")),
        "thread `worker` panicked: literal"
    );
    let number = std::hint::black_box(7);
    assert_eq!(
        watched(move || panic!("coin {number}\nof\u{1b}[31m 9")),
        "thread `worker` panicked: coin 7\\nof\\u{1b}[31m 9"
    );
    assert_eq!(
        watched(|| panic_any(io::Error::other("a thrown error"))),
        "thread `worker` panicked: a thrown error"
    );
    let silent = "thread `worker` panicked: a payload that is no text";
    assert_eq!(watched(|| panic_any(7_u32)), silent);
    assert_eq!(watched(|| panic_any(DropsBadly)), silent);
    let boxed: Box<dyn std::any::Any + Send> = Box::new("boxed twice");
    assert_eq!(watched(|| panic_any(boxed)), silent);
    let told = watched(|| panic_any(Unspeakable));
    assert!(told.starts_with("thread `worker` panicked: "), "{told}");
}

#[test]
fn a_huge_message_is_cut() {
    let told = watched(|| panic!("{}", "é".repeat(1 << 20)));
    assert!(told.starts_with("thread `worker` panicked: éé"));
    assert!(told.len() <= 1100, "{}", told.len());
}

#[test]
fn a_thread_whose_result_drops_badly_has_ended_all_the_same() {
    static BAD: Resource<u32> = Resource::new("bad");
    let _bad = BAD.provide(1);
    let mut monitor = BAD.monitor();
    BAD.watch(thread::spawn(|| DropsBadly)).unwrap();
    let down = monitor.wait(PATIENCE).unwrap();
    assert!(down.cause.ends_with(" ended"), "{}", down.cause);
}

#[test]
fn a_process_that_is_killed_is_a_death_by_its_signal() {
    static CHILD: Resource<u32> = Resource::new("child");
    let child = Command::new("sleep").arg("1000").spawn().unwrap();
    let process = child.id();
    let _child = CHILD.provide(process);
    CHILD.watch(child).unwrap();
    let mut monitor = CHILD.monitor();
    assert_eq!(monitor.try_next(), None);
    kill(process);
    let down = monitor.wait(PATIENCE).expect("it was killed");
    assert_eq!(down.reason, SkipReason::PeerDead);
    assert_eq!(
        down.cause,
        format!("process {process} ended: signal: 9 (SIGKILL)")
    );
}

/// A wait would close its input, and so end many a process that is only to be watched.
#[test]
fn a_process_keeps_its_input_while_it_is_watched() {
    static READER: Resource<u32> = Resource::new("reader");
    let child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    let process = child.id();
    let _reader = READER.provide(process);
    READER.watch(child).unwrap();
    let mut monitor = READER.monitor();
    wait_until("it is waited for", PATIENCE, || {
        let waits = |name: io::Result<String>| name.is_ok_and(|name| name == "watch process\n");
        let mut tasks = std::fs::read_dir("/proc/self/task").unwrap();
        tasks.any(|task| waits(std::fs::read_to_string(task.unwrap().path().join("comm"))))
    });
    assert_eq!(monitor.wait(std::time::Duration::from_millis(20)), None);
    kill(process);
    let cause = monitor.wait(PATIENCE).unwrap().cause;
    assert!(cause.ends_with("signal: 9 (SIGKILL)"), "{cause}");
}

fn kill(process: u32) {
    let mut kill = Command::new("kill");
    let status = kill.args(["-KILL", &process.to_string()]).status();
    assert!(status.unwrap().success());
}

#[test]
fn a_watch_that_is_lost_leaves_it_stale_until_it_is_watched_again() {
    static GAUGE: Resource<u32> = Resource::new("gauge");
    let _gauge = GAUGE.provide(1);
    let mut monitor = GAUGE.monitor();
    let watch = GAUGE.watch_by_hand();
    assert_eq!(GAUGE.health().status, Status::Well);
    drop(watch);
    assert_eq!(GAUGE.readiness(), Readiness::Stale);
    assert_eq!(*GAUGE.lease().unwrap(), 1, "it serves");
    assert!(GAUGE.is_available());
    let health = GAUGE.health();
    assert_eq!(health.status, Status::Degraded);
    assert_eq!(health.cause.as_deref(), Some("nobody watches it any more"));
    let watch = GAUGE.watch_by_hand();
    assert_eq!(GAUGE.readiness(), Readiness::Ready);
    assert_eq!(monitor.try_next(), None, "all this was no death");
    watch.ended(DownCause::new(SkipReason::TimedOut, "no answer"));
    let down = monitor.try_next().unwrap();
    assert_eq!(
        (down.reason, down.cause.as_str()),
        (SkipReason::TimedOut, "no answer")
    );
}

/// What an old value was made of is nothing to the new one.
#[test]
fn the_end_of_an_old_values_peer_is_not_the_new_ones() {
    static HEIR: Resource<u32> = Resource::new("heir");
    let first = HEIR.provide(1);
    let (old, older) = (HEIR.watch_by_hand(), HEIR.watch_by_hand());
    let _second = HEIR.provide(2);
    let mut monitor = HEIR.monitor();
    old.ended("the old one's end");
    drop(older);
    assert_eq!(
        (monitor.try_next(), HEIR.readiness()),
        (None, Readiness::Ready)
    );
    drop(first);
    let nobody = HEIR.watch_by_hand();
    assert!(HEIR.crash("gone"));
    nobody.ended("late");
    assert_eq!(monitor.try_next().unwrap().cause, "gone");
    assert_eq!(monitor.try_next(), None);
}

/// The thread is waited for all the same, and the next value has nothing to do with it.
#[test]
fn a_watch_without_a_value_is_an_error() {
    static LAMP: Resource<u32> = Resource::new("lamp");
    let error = LAMP.watch(thread::spawn(|| ())).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert_eq!(
        error.to_string(),
        "resource `lamp` has no value whose death this could be: provide it first, or watch inside \
         its opener"
    );
    let lamp = LAMP.provide(1);
    LAMP.watch(thread::spawn(|| ())).unwrap();
    let mut monitor = LAMP.monitor();
    assert!(monitor.wait(PATIENCE).is_some());
    assert!(LAMP.watch(thread::spawn(|| ())).is_err(), "it is dead");
    drop(lamp);
}

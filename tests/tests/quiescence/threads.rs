//! Threads that end, that have ended, and whose thread-locals are gone: no count is lost.

use std::{cell::RefCell, thread};

use gambeson::{Handler, defensive_handler, emit};
use gambeson_tests::tally;

use crate::Process;

/// Emits, and calls a defended function, when its thread ends.
struct AtTheEnd;

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        emit!("thread.seen");
        defended();
    }
}

#[defensive_handler]
fn defended() {}

thread_local! {
    static FIRST: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) };
    static LAST: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) };
}

fn seen(name: &str) -> Handler {
    Handler::new(name, "thread.seen", |_| ())
}

/// One after another, so that each takes over what the one before has left.
#[test]
fn the_counts_of_threads_that_have_ended_stay() {
    let process = Process::with([seen("seen")]);
    for _ in 0..500 {
        thread::spawn(|| emit!("thread.seen")).join().unwrap();
    }
    assert_eq!(
        tally(&process.telemetry.report(), "seen"),
        "500 = 500 handled"
    );
    assert_eq!(
        tally(&process.telemetry.shutdown(), "seen"),
        "500 = 500 handled"
    );
}

/// One thread-local is older than what the library keeps for the thread and one is younger, so
/// that one of them is dropped after it.
#[test]
fn destructors_of_thread_locals_count_too() {
    let process = Process::with([seen("late")]);
    let threads: Vec<_> = (0..50)
        .map(|_| {
            thread::spawn(|| {
                FIRST.set(Some(AtTheEnd));
                emit!("thread.seen");
                LAST.set(Some(AtTheEnd));
            })
        })
        .collect();
    // A join waits for the destructors too, which the end of a scope does not.
    for thread in threads {
        thread.join().unwrap();
    }
    let report = process.telemetry.shutdown();
    assert_eq!(tally(&report, "late"), "150 = 150 handled");
    assert_eq!(tally(&report, "defended"), "100 = 100 handled");
}

#[test]
fn a_handler_of_which_nobody_ever_heard_costs_and_counts_nothing() {
    let process = Process::with([seen("unheard")]);
    thread::spawn(|| ()).join().unwrap();
    assert_eq!(
        tally(&process.telemetry.shutdown(), "unheard"),
        "0 = 0 handled"
    );
}

/// Its counters are those of a handler that is gone, and begin at zero.
#[test]
fn a_new_telemetry_counts_anew() {
    for _ in 0..3 {
        let process = Process::with((0..100).map(|index| seen(&format!("handler_{index}"))));
        emit!("thread.seen");
        let report = process.telemetry.shutdown();
        for index in 0..100 {
            let name = format!("handler_{index}");
            assert_eq!(tally(&report, &name), "1 = 1 handled");
        }
    }
}

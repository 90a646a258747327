//! A child of a fork, made while other threads fail: whatever they held stays held in it.

use std::{
    io,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::Duration,
};

use gambeson::{Event, Handler, Quarantine, Telemetry, emit};
use gambeson_tests::tally;

use crate::{
    body::run_defended,
    foreign::{self, Child},
    twin::{attach, is_bare, own, start, telemetry, tell_of},
};

const FORKS: u32 = 100;
const THREADS: usize = 4;

/// How long a child may take.
const CHILD: Duration = Duration::from_secs(2);

static IS_OVER: AtomicBool = AtomicBool::new(false);
static HANDLED: AtomicU32 = AtomicU32::new(0);

/// Forks in a handler, while others go in and out of quarantine as fast as they can.
pub(crate) fn forked_child() {
    if is_bare() {
        return bare();
    }
    start();
    let quarantine = Quarantine::INHERIT.failures(2).cooldown("1ns");
    let fails = |_: &Event<'_>| Err::<(), _>(io::Error::from(io::ErrorKind::TimedOut));
    attach(Handler::new("fails", "place.failing", fails).quarantine(quarantine));
    let panics = |_: &Event<'_>| -> () { panic!("panics") };
    attach(Handler::new("panics", "place.panicking", panics).quarantine(quarantine));
    attach(own("forks", "place.fork", |_| forks()));
    // The first failures are told in this process.
    fail();
    run_defended();
    let others = [(); THREADS].map(|()| {
        thread::spawn(|| {
            while !IS_OVER.load(Ordering::Relaxed) {
                fail();
            }
        })
    });
    for _ in 0..FORKS {
        emit!("place.fork");
    }
    IS_OVER.store(true, Ordering::SeqCst);
    for other in others {
        assert!(other.join().is_ok());
    }
    say_handled();
    tell_of(&["forks", "outer", "plain", "polled"]);
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_handled() {
    println!(
        "{} children came to their end",
        HANDLED.load(Ordering::SeqCst)
    );
}

/// Fails, and most often in the way that takes no time around its quarantine.
fn fail() {
    for _ in 0..100 {
        emit!("place.failing");
    }
    emit!("place.panicking");
}

fn forks() {
    let child = foreign::fork(CHILD, || i32::from(!is_well()));
    assert_eq!(child, Child::Exited(0));
    HANDLED.fetch_add(1, Ordering::SeqCst);
}

/// Whether the child handles what there is to handle, and counts it.
fn is_well() -> bool {
    let Some(telemetry) = telemetry() else {
        return false;
    };
    // Their quarantines are whatever they were when the process was forked.
    fail();
    emit!("place.new_site");
    run_defended();
    let twice = "12 = 2 handled + 2 timed_out + 8 unexpected";
    counts(telemetry, "outer") == twice
        && counts(telemetry, "plain") == twice
        && counts(telemetry, "polled") == twice
}

fn counts(telemetry: &Telemetry, handler: &str) -> String {
    tally(&telemetry.report(), handler)
}

/// A lock that another thread holds at the fork is held in the child for ever.
#[expect(clippy::print_stdout, reason = "the test reads it")]
fn bare() {
    static HELD: std::sync::Mutex<u64> = std::sync::Mutex::new(0);
    let count = || HELD.lock().map(|mut count| *count += 1).is_ok();
    let others = [(); THREADS].map(|()| {
        thread::spawn(move || {
            while !IS_OVER.load(Ordering::Relaxed) {
                count();
            }
        })
    });
    let forked = std::iter::repeat_with(|| foreign::fork(CHILD, || i32::from(!count())));
    let hung = forked.take(100).find(|child| *child == Child::Hung);
    IS_OVER.store(true, Ordering::SeqCst);
    for other in others {
        let _ = other.join();
    }
    println!("a child hung: {}", hung.is_some());
}

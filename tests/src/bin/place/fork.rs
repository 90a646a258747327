//! A child of a fork, made while other threads are in the middle of something: whatever they hold
//! stays held in it.

use std::{
    io,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use gambeson::{Event, Handler, Quarantine, emit};
use gambeson_tests::{PATIENCE, tally};

use crate::{
    body::{FORMS, run_defended},
    foreign::{self, Child},
    twin::{attach, is_bare, own, start, telemetry, tell_of},
};

const FORKS: u32 = 100;
const THREADS: usize = 4;

/// How long a child may take.
const CHILD: Duration = Duration::from_secs(2);

static IS_OVER: AtomicBool = AtomicBool::new(false);
static ENDED_WELL: AtomicU32 = AtomicU32::new(0);
static COUNTED: AtomicU32 = AtomicU32::new(0);

/// Forks while handlers go in and out of quarantine as fast as they can.
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
    fail();
    fork_while(fail, || {
        fail();
        counts_everything()
    });
}

/// Fails, and most often in the way that takes no time around its quarantine.
fn fail() {
    for _ in 0..100 {
        emit!("place.failing");
    }
    emit!("place.panicking");
}

/// Forks while handlers come and go, and threads with them. Only the child's report would wait.
pub(crate) fn forked_child_of_changes() {
    if is_bare() {
        return bare();
    }
    start();
    fork_while(change, || {
        run_defended();
        true
    });
}

fn change() {
    let name = format!("changes on {:?}", thread::current().id());
    attach(own(&name, "place.change", |_| ()));
    let emitted = thread::spawn(|| emit!("place.change")).join();
    let detached = telemetry().map(|telemetry| telemetry.detach(&name, PATIENCE));
    assert!(emitted.is_ok() && matches!(detached, Some(Ok(_))));
}

/// Forks while events are queued as fast as they can be, and worked off. Nobody works them off in the
/// child, which only must not wait for who had the queue.
pub(crate) fn forked_child_of_queues() {
    if is_bare() {
        return bare();
    }
    start();
    attach(own("aside", "place.aside", |_| ()).queue(1_000));
    fork_while(set_aside, || {
        set_aside();
        counts_everything()
    });
    let flushed = telemetry().map(|telemetry| telemetry.flush(PATIENCE));
    assert!(matches!(flushed, Some(Ok(()))), "{flushed:?}");
    say_that_all_were_set_aside();
}

fn set_aside() {
    for _ in 0..100 {
        emit!("place.aside");
    }
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_that_all_were_set_aside() {
    let report = telemetry().map(gambeson::Telemetry::report);
    let aside = report.as_ref().and_then(|report| report.handler("aside"));
    let is_all = aside.is_some_and(|aside| {
        let overloaded = aside.skipped(gambeson::SkipReason::Overloaded);
        aside.handled > 0 && aside.matched == aside.handled + overloaded
    });
    println!("all were set aside or overloaded: {is_all}");
}

/// Forks in a handler, while other threads do this. Each child runs the body and asks `is_well`.
fn fork_while(others_do: fn(), is_well: fn() -> bool) {
    attach(own("forks", "place.fork", move |_| fork_once(is_well)));
    attach(own("counts", "place.counted", |_| {
        COUNTED.fetch_add(1, Ordering::SeqCst);
    }));
    // The first failures are told in this process.
    run_defended();
    let others = while_forking(others_do);
    for _ in 0..FORKS {
        emit!("place.fork");
    }
    join(others);
    say_how_many_ended_well();
    tell_of(&[&["forks"], &FORMS[..]].concat());
}

fn fork_once(is_well: fn() -> bool) {
    let child = foreign::fork(CHILD, || i32::from(!(handles_events() && is_well())));
    assert_eq!(child, Child::Exited(0));
    ENDED_WELL.fetch_add(1, Ordering::SeqCst);
}

/// Also at sites that no thread has reached before.
fn handles_events() -> bool {
    emit!("place.new_site");
    emit!("place.counted");
    emit!("place.counted");
    COUNTED.load(Ordering::SeqCst) == 2
}

/// Whether the body, which was run before the fork, is counted when it runs again.
fn counts_everything() -> bool {
    run_defended();
    let Some(telemetry) = telemetry() else {
        return false;
    };
    let report = telemetry.report();
    let twice = "12 = 2 handled + 2 timed_out + 8 unexpected";
    FORMS.into_iter().all(|form| tally(&report, form) == twice)
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_how_many_ended_well() {
    let ended = ENDED_WELL.load(Ordering::SeqCst);
    println!("{ended} children came to their end");
}

type Others = [thread::JoinHandle<()>; THREADS];

fn while_forking(others_do: fn()) -> Others {
    [(); THREADS].map(|()| {
        thread::spawn(move || {
            while !IS_OVER.load(Ordering::Relaxed) {
                others_do();
            }
        })
    })
}

fn join(others: Others) {
    IS_OVER.store(true, Ordering::SeqCst);
    for other in others {
        assert!(other.join().is_ok());
    }
}

/// A lock that another thread holds at the fork is held in the child for ever.
#[expect(clippy::print_stdout, reason = "the test reads it")]
fn bare() {
    static HELD: Mutex<u64> = Mutex::new(0);
    fn count() -> bool {
        HELD.lock().map(|mut count| *count += 1).is_ok()
    }
    let others = while_forking(|| {
        count();
    });
    let forked = (0..FORKS).map(|_| foreign::fork(CHILD, || i32::from(!count())));
    let hung = forked.into_iter().any(|child| child == Child::Hung);
    join(others);
    println!("a child hung: {hung}");
}

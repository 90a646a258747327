//! Places at the end of a telemetry and of the process.

use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
};

use gambeson::{Phase, Resource, signals::Signals};
use gambeson_tests::{PATIENCE, wait_until};

use crate::{
    foreign,
    twin::{Runs, is_bare, own, run, start, start_with, telemetry, tell},
};

pub(crate) fn after_shutdown() {
    start();
    telemetry().map(gambeson::Telemetry::shutdown);
    run();
    tell();
}

static MAIN_RETURNED: AtomicBool = AtomicBool::new(false);
static RAN: AtomicBool = AtomicBool::new(false);
static ENDED: AtomicBool = AtomicBool::new(false);

/// Says that its thread has ended, in whatever way.
struct Ends;

impl Drop for Ends {
    fn drop(&mut self) {
        ENDED.store(true, Ordering::SeqCst);
    }
}

/// A thread that nobody joined runs the body after `main` has returned: the exit waits for it.
pub(crate) fn after_main() {
    start();
    foreign::at_exit(let_the_other_thread_run);
    thread::spawn(|| {
        let _ends = Ends;
        wait_until("main has returned", PATIENCE, || {
            MAIN_RETURNED.load(Ordering::SeqCst)
        });
        run();
        RAN.store(true, Ordering::SeqCst);
    });
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
extern "C" fn let_the_other_thread_run() {
    MAIN_RETURNED.store(true, Ordering::SeqCst);
    wait_until("the other thread has ended", PATIENCE, || {
        ENDED.load(Ordering::SeqCst)
    });
    println!("all ran after main: {}", RAN.load(Ordering::SeqCst));
    tell();
}

/// The thread-locals of the main thread are gone by then.
pub(crate) fn at_exit() {
    start();
    foreign::at_exit(run_and_tell);
}

extern "C" fn run_and_tell() {
    run();
    tell();
}

pub(crate) fn static_destructor() {
    start();
    foreign::at_fini(|| {
        run();
        tell();
    });
}

/// A value that runs the body when its resource is revoked, at the end of the shutdown.
static STORE: Resource<Runs> = Resource::new("store");

/// A handler runs the body while the telemetry drains, and a value when all is closed.
pub(crate) fn signal() {
    if is_bare() {
        let Ok(signals) = Signals::new() else {
            panic!("no signals")
        };
        foreign::raise(libc::SIGTERM);
        signals.wait(PATIENCE);
        return run();
    }
    let _provided = STORE.provide(Runs);
    let drains = own("drains", "place.signal", |_| {
        foreign::raise(libc::SIGTERM);
        wait_until("it drains", PATIENCE, || {
            telemetry().map(gambeson::Telemetry::phase) == Some(Phase::Draining)
        });
        run();
    });
    // What it emits is handled as long as it runs itself.
    let drains = drains.needs(&STORE);
    let drains = drains.after("outer").after("inner").after("calm");
    foreign::at_exit(tell_alone);
    start_with(|builder| builder.handler(drains).exit_on_signals());
    run();
    let emits = || telemetry().map(|telemetry| telemetry.emit("place.signal", &[], &[]));
    thread::spawn(emits);
    loop {
        thread::park();
    }
}

extern "C" fn tell_alone() {
    tell();
}

static ROUNDS: AtomicU32 = AtomicU32::new(0);

/// Four threads that run the body until the process ends, or they do.
fn run_for_ever() {
    start();
    let threads = [(); 4].map(|()| {
        thread::spawn(|| {
            loop {
                run();
                ROUNDS.fetch_add(1, Ordering::SeqCst);
            }
        })
    });
    wait_until("they run", PATIENCE, || {
        ROUNDS.load(Ordering::SeqCst) > 20 || threads.iter().all(thread::JoinHandle::is_finished)
    });
    say_how_many_live(&threads);
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_how_many_live(threads: &[thread::JoinHandle<()>]) {
    let live = threads.iter().filter(|thread| !thread.is_finished());
    println!("{} threads live", live.count());
}

/// The code is the program's own.
#[expect(clippy::exit, reason = "it is what is tested")]
pub(crate) fn exit() {
    run_for_ever();
    std::process::exit(7);
}

pub(crate) fn come_back() {
    run_for_ever();
}

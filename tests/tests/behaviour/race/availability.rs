//! Availability that changes under the handlers that ask for it.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
};

use gambeson::{Resource, SkipReason, Telemetry, defensive_handler, emit};

static OPEN: AtomicBool = AtomicBool::new(false);
static ASKED: AtomicU64 = AtomicU64::new(0);
static SAID_YES: AtomicU64 = AtomicU64::new(0);
static RAN: AtomicU64 = AtomicU64::new(0);

fn is_open() -> bool {
    let open = OPEN.load(Ordering::SeqCst);
    ASKED.fetch_add(1, Ordering::SeqCst);
    SAID_YES.fetch_add(open.into(), Ordering::SeqCst);
    open
}

#[defensive_handler(available = is_open)]
fn sell() {
    RAN.fetch_add(1, Ordering::SeqCst);
}

/// Each call asks the probe once, and its answer decides.
#[test]
fn a_probe_is_asked_once_a_call_and_decides_it() {
    const THREADS: u64 = 4;
    const CALLS: u64 = 2_000;
    let telemetry = Telemetry::isolated();
    let done = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                telemetry.enter(|| (0..CALLS).for_each(|_| sell()));
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        while done.load(Ordering::SeqCst) < THREADS {
            OPEN.fetch_xor(true, Ordering::SeqCst);
            thread::yield_now();
        }
    });
    let report = telemetry.report();
    let counts = report.handler("sell").unwrap();
    assert_eq!(counts.matched, THREADS * CALLS);
    assert_eq!(ASKED.load(Ordering::SeqCst), counts.matched);
    assert_eq!(RAN.load(Ordering::SeqCst), SAID_YES.load(Ordering::SeqCst));
    assert_eq!(counts.handled, RAN.load(Ordering::SeqCst));
    assert_eq!(
        counts.skipped(SkipReason::Unavailable),
        counts.matched - counts.handled
    );
}

/// A value that is replaced again and again is never missing: leases get the old or the new.
#[test]
fn a_replaced_resource_is_never_missing() {
    static REPLACED: Resource<u64> = Resource::new("race_replaced");
    let telemetry =
        crate::started([gambeson::Handler::new("needs", "race.replaced", |_| ()).needs(&REPLACED)]);
    let mut provided = REPLACED.provide(0);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            telemetry.enter(|| (0..5_000).for_each(|_| emit!("race.replaced")));
            done.store(true, Ordering::SeqCst);
        });
        let mut generation = 0;
        while !done.load(Ordering::SeqCst) {
            generation += 1;
            // The new value is there before the old one's end is dropped.
            provided = REPLACED.provide(generation);
        }
    });
    drop(provided);
    assert_eq!(
        gambeson_tests::tally(&telemetry.report(), "needs"),
        "5000 = 5000 handled"
    );
}

//! G2: matched = handled + the sum of the skips, by every way in which a call can end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use gambeson::{Event, Handler, Quarantine, Resource, SkipReason, Telemetry, emit};
use gambeson_tests::tally;

use crate::{boom, started};

#[test]
fn each_way_to_end_is_counted_once() {
    static GONE: Resource<()> = Resource::new("conservation_gone");
    let telemetry = started([
        Handler::new("errs", "shop.opened", |_| Err("no luck")),
        Handler::new("needs", "shop.opened", |_| ()).needs(&GONE),
        Handler::new("panics", "shop.opened", boom),
        Handler::new("paused", "shop.opened", |_| ()),
        Handler::new("works", "shop.opened", |_| ()),
    ]);
    telemetry.pause("paused").unwrap();
    telemetry.enter(|| {
        for _ in 0..3 {
            emit!("shop.opened");
        }
    });
    let report = telemetry.shutdown();
    assert_eq!(tally(&report, "errs"), "3 = 0 handled + 3 unexpected");
    assert_eq!(tally(&report, "needs"), "3 = 0 handled + 3 unavailable");
    assert_eq!(tally(&report, "panics"), "3 = 0 handled + 3 unexpected");
    assert_eq!(tally(&report, "paused"), "3 = 0 handled + 3 disabled");
    assert_eq!(tally(&report, "works"), "3 = 3 handled");
}

/// Threads that emit through a shutdown: what the handler saw is what was counted.
#[test]
fn a_shutdown_in_the_middle_loses_and_invents_nothing() {
    const THREADS: u64 = 4;
    const EVENTS: u64 = 2_000;
    let ran = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&ran);
    let handler = Handler::new("counts", "shop.opened", move |_| {
        seen.fetch_add(1, Ordering::Relaxed);
    });
    let telemetry = started([handler]);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..EVENTS {
                    let _ = telemetry.call("counts", &Event::new("shop.opened", &[], &[]));
                }
            });
        }
        telemetry.shutdown();
    });
    let report = telemetry.report();
    let counts = report.handler("counts").unwrap();
    assert_eq!(counts.matched, THREADS * EVENTS);
    assert_eq!(counts.handled, ran.load(Ordering::Relaxed));
    assert_eq!(
        counts.skipped(SkipReason::ShuttingDown),
        counts.matched - counts.handled
    );
    assert!(counts.is_conserved() && counts.in_flight == 0);
}

/// A call that waits for the handler to fail, on eight threads at once.
#[test]
fn every_third_call_fails_on_eight_threads() {
    let turn = AtomicU64::new(0);
    let handler = Handler::new("thirds", "shop.opened", move |_| {
        match turn.fetch_add(1, Ordering::Relaxed) % 3 {
            0 => panic!("boom"),
            1 => Err(std::io::Error::from(std::io::ErrorKind::TimedOut)),
            _ => Ok(()),
        }
    });
    let telemetry = started([handler.quarantine(Quarantine::OFF)]);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                telemetry.enter(|| {
                    for _ in 0..300 {
                        emit!("shop.opened");
                    }
                });
            });
        }
    });
    assert_eq!(
        tally(&telemetry.report(), "thirds"),
        "2400 = 800 handled + 800 timed_out + 800 unexpected"
    );
}

#[test]
fn a_handler_that_is_attached_again_goes_on_with_its_counts() {
    let telemetry = Telemetry::isolated();
    for round in 1..=3 {
        telemetry
            .attach(Handler::new("again", "shop.opened", |_| ()))
            .unwrap();
        telemetry.enter(|| emit!("shop.opened"));
        telemetry.detach("again", gambeson_tests::PATIENCE).unwrap();
        telemetry.enter(|| emit!("shop.opened"));
        assert_eq!(
            tally(&telemetry.report(), "again"),
            format!("{round} = {round} handled")
        );
    }
    assert_eq!(telemetry.report().handlers.len(), 1);
}

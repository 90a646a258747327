//! Starts and shutdowns while others emit.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use gambeson::{Handler, Phase, emit};
use gambeson_tests::PATIENCE;

use crate::started;

/// Each life is emitted into by four threads from before its start to after its shutdown.
#[test]
fn each_life_counts_its_own_events() {
    const EMITTERS: usize = 4;
    for life in 0..50_u64 {
        let ran = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&ran);
        let telemetry = started([Handler::new("counts", "race.life", move |_| {
            seen.fetch_add(1, Ordering::SeqCst);
        })]);
        let ready = Barrier::new(EMITTERS + 1);
        thread::scope(|scope| {
            for _ in 0..EMITTERS {
                scope.spawn(|| {
                    ready.wait();
                    while telemetry.phase() == Phase::Running {
                        telemetry.enter(|| emit!("race.life"));
                    }
                });
            }
            ready.wait();
            let report = telemetry.shutdown_within(PATIENCE);
            let at_shutdown = ran.load(Ordering::SeqCst);
            assert_eq!(report.phase, Phase::Stopped);
            assert_eq!(report.shutdown.unwrap().stragglers, []);
            thread::yield_now();
            assert_eq!(
                ran.load(Ordering::SeqCst),
                at_shutdown,
                "no call after the shutdown of life {life}"
            );
        });
        let report = telemetry.report();
        let counts = report.handler("counts").unwrap();
        assert!(counts.is_conserved(), "{report}");
        assert_eq!(counts.handled, ran.load(Ordering::SeqCst));
    }
}

/// Ends the emitters, also when the test fails.
struct SetWhenDropped<'a>(&'a AtomicU64);

impl Drop for SetWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.store(1, Ordering::SeqCst);
    }
}

/// Rounds of attach and detach against emitters: after a detach the handler does not run.
#[test]
fn attach_and_detach_against_emitters() {
    const ROUNDS: u64 = 500;
    let telemetry = started([]);
    let (open, late) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let done = AtomicU64::new(0);
    thread::scope(|scope| {
        let _done = SetWhenDropped(&done);
        for _ in 0..4 {
            scope.spawn(|| {
                while done.load(Ordering::SeqCst) == 0 {
                    telemetry.enter(|| emit!("race.flaps"));
                }
            });
        }
        for _ in 0..ROUNDS {
            let (is_open, ran_late) = (Arc::clone(&open), Arc::clone(&late));
            open.store(1, Ordering::SeqCst);
            let handler = Handler::new("flaps", "race.flaps", move |_| {
                ran_late.fetch_add(1 - is_open.load(Ordering::SeqCst), Ordering::SeqCst);
            });
            telemetry.attach(handler).unwrap();
            thread::yield_now();
            telemetry.detach("flaps", PATIENCE).unwrap();
            open.store(0, Ordering::SeqCst);
        }
    });
    assert_eq!(late.load(Ordering::SeqCst), 0, "ran after its detach");
    let report = telemetry.shutdown();
    assert!(report.handler("flaps").unwrap().is_conserved(), "{report}");
}

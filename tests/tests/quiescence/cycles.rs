//! G3, the hard way: what a handler borrows is taken away the instant its detach has succeeded.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use gambeson::{Handler, emit};
use gambeson_tests::PATIENCE;

use crate::{Process, given};

const EMITTERS: usize = 2;

#[test]
fn no_call_comes_after_its_detach() {
    let cycles = given("DETACH_CYCLES", 5_000);
    let (lent, late) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let calls = Arc::new(AtomicU64::new(0));
    let borrower = || {
        let (lent, late, calls) = (Arc::clone(&lent), Arc::clone(&late), Arc::clone(&calls));
        Handler::new("borrower", "cycle.tick", move |_| {
            if !lent.load(Ordering::Relaxed) {
                late.fetch_add(1, Ordering::Relaxed);
            }
            calls.fetch_add(1, Ordering::Relaxed);
        })
    };
    let process = Process::with([]);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..EMITTERS {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    emit!("cycle.tick");
                }
            });
        }
        for _ in 0..cycles {
            lent.store(true, Ordering::SeqCst);
            process.telemetry.attach(borrower()).unwrap();
            process.telemetry.detach("borrower", PATIENCE).unwrap();
            lent.store(false, Ordering::SeqCst);
        }
        done.store(true, Ordering::Relaxed);
    });
    let report = process.telemetry.shutdown();
    let counts = report.handler("borrower").unwrap();
    assert_eq!(
        late.load(Ordering::Relaxed),
        0,
        "calls after a detach, of {}",
        counts.handled
    );
    assert!(counts.is_conserved(), "{report}");
    assert_eq!(counts.handled, calls.load(Ordering::Relaxed));
}

//! Handlers that come and go disturb no others, within one emission.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use gambeson::{Handler, emit};
use gambeson_tests::PATIENCE;

use crate::{Process, given};

thread_local! {
    /// Who was called by the emission of this thread.
    static CALLED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn noting(name: &'static str) -> Handler {
    Handler::new(name, "order.sent", move |_| {
        CALLED.with_borrow_mut(|called| called.push(name));
    })
}

/// Those that stay are called once each and in their order, and so are those that come and go, if
/// at all.
#[test]
fn none_is_skipped_or_repeated() {
    const COMING: [&str; 3] = ["b", "d", "a"];
    let process = Process::with(["c", "e", "g"].map(noting));
    let telemetry = &process.telemetry;
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let emitters: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut emissions = 0_u64;
                    while !done.load(Ordering::Relaxed) || emissions == 0 {
                        emit!("order.sent");
                        emissions += 1;
                        let called = CALLED.take();
                        assert!(
                            called.is_sorted_by(|left, right| left < right),
                            "{called:?}"
                        );
                        let stayed = called.iter().filter(|name| !COMING.contains(name));
                        assert!(stayed.eq(&["c", "e", "g"]), "{called:?}");
                    }
                    emissions
                })
            })
            .collect();
        for cycle in 0..given("ORDER_CYCLES", 500) {
            let name = COMING[usize::try_from(cycle % 3).unwrap()];
            telemetry.attach(noting(name)).unwrap();
            telemetry.detach(name, PATIENCE).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        let emissions: u64 = emitters
            .into_iter()
            .map(|emitter| emitter.join().unwrap())
            .sum();
        let report = telemetry.report();
        for name in ["c", "e", "g"] {
            assert_eq!(report.handler(name).unwrap().handled, emissions);
        }
    });
}

//! Files that are deleted under the database that is in them.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use gambeson::{Event, Resource, SkipReason, Status, defensive_handler, emit, handler};
use gambeson_tests::{Choices, PATIENCE, crowd, seed, tally};

use crate::{
    AT_ONCE, annotated, started,
    stores::{Disk, Ledger, LedgerError},
};

/// The one call that finds the file gone is skipped, and by then a new file is on its way.
#[test]
fn a_deleted_file_is_made_anew() {
    const TEST: &str = "made-anew";
    static LEDGER: Resource<Ledger> = Resource::with_opener("ledger", || {
        Ledger::open(&Disk::path(TEST).join("sales"), &LEDGER)
    })
    .restart(AT_ONCE);

    #[defensive_handler(on = "ledger.sale")]
    fn records(_: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) -> Result<(), LedgerError> {
        ledger.insert(2)
    }

    let disk = Disk::new(TEST);
    let telemetry = started([annotated(handler!(records))]);
    let sell = |times| telemetry.enter(|| (0..times).for_each(|_| emit!("ledger.sale")));
    let mut monitor = LEDGER.monitor();
    sell(10);
    assert_eq!(LEDGER.lease().unwrap().totals(), (10, 20));
    fs::remove_file(disk.file("sales")).unwrap();
    sell(1);
    let down = monitor.wait(PATIENCE).unwrap();
    assert_eq!(down.reason, SkipReason::StateUnavailable);
    LEDGER.wait_ready(PATIENCE).unwrap();
    assert_eq!(LEDGER.health().status, Status::Degraded);
    assert_eq!(
        LEDGER.health().cause.as_deref(),
        Some("the ledger's file is gone")
    );
    assert_eq!(
        LEDGER.lease().unwrap().totals(),
        (0, 0),
        "the rows are gone"
    );
    sell(5);
    assert_eq!(
        LEDGER.lease().unwrap().totals(),
        (5, 10),
        "and new ones work"
    );
    assert_eq!(
        tally(&telemetry.report(), "records"),
        "16 = 15 handled + 1 state_unavailable"
    );
    assert!(monitor.try_next().is_none());
}

/// What was handled is in one of the files, also in those that were deleted under their users.
#[test]
fn files_that_are_deleted_under_eight_threads_lose_no_call() {
    const TEST: &str = "eight-threads";
    const THREADS: usize = 8;
    const CALLS: u64 = 50;
    static FILES: AtomicU64 = AtomicU64::new(0);
    static LEDGER: Resource<Ledger> =
        Resource::with_opener("busy ledger", || Ledger::open(&next_file(), &LEDGER))
            .restart(AT_ONCE);

    // Of a name of its own: SQLite finds journals by name, and would take that of the next file for
    // one that was left behind by the last.
    fn next_file() -> PathBuf {
        let number = FILES.fetch_add(1, Ordering::SeqCst);
        Disk::path(TEST).join(format!("sales-{number}"))
    }

    #[defensive_handler(on = "ledger.busy")]
    fn records(_: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) -> Result<(), LedgerError> {
        ledger.insert(3)
    }

    let seed = seed("RECOVERY_SEED");
    let _disk = Disk::new(TEST);
    let telemetry = Arc::new(started([annotated(handler!(records))]));
    let caller = Arc::clone(&telemetry);
    let deleted = crowd(THREADS, move |thread| {
        let mut choices = Choices::new(seed, thread as u64);
        let mut deleted = Vec::new();
        for _ in 0..CALLS {
            caller.enter(|| emit!("ledger.busy"));
            // Only one thread deletes: what it leases is in the file that it deletes.
            if thread == 0 && choices.below(10) == 0 {
                LEDGER.wait_ready(PATIENCE).unwrap();
                let ledger = LEDGER.lease().unwrap();
                let mut monitor = LEDGER.monitor();
                ledger.delete().unwrap();
                // Found by this insert, unless another thread's was first.
                assert!(matches!(ledger.insert(3), Err(LedgerError::Gone)));
                monitor.wait(PATIENCE).unwrap();
                deleted.push(ledger);
            }
        }
        deleted
    });
    let deleted: Vec<_> = deleted.join().into_iter().flatten().collect();
    LEDGER.wait_ready(PATIENCE).unwrap();
    let last = LEDGER.lease().unwrap();
    let kept: u64 = deleted.iter().map(|ledger| ledger.totals().0).sum();
    let report = telemetry.report();
    let counts = report.handler("records").unwrap();
    assert_eq!(counts.matched, THREADS as u64 * CALLS);
    assert_eq!(counts.handled, kept + last.totals().0, "{report}");
    let skipped = counts.skipped(SkipReason::StateUnavailable);
    assert_eq!(skipped, counts.matched - counts.handled, "{report}");
}

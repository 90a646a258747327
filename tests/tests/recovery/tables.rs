//! Tables in memory that are deleted while they are used.

use std::sync::Arc;

use gambeson::{Event, Resource, Restart, SkipReason, defensive_handler, emit, handler};
use gambeson_tests::{Choices, PATIENCE, crowd, seed, stores::Table, tally};

use crate::{AT_ONCE, annotated, started};

/// At once means: before anybody could have opened it again.
#[test]
fn a_deleted_table_is_used_at_once() {
    static TABLE: Resource<Table> =
        Resource::with_opener("used at once", Table::open).restart(Restart::never());

    #[defensive_handler(on = "table.used")]
    fn fills(_: &Event<'_>, #[needs(TABLE)] table: &Table) {
        table.add(7, 1);
    }

    let telemetry = started([annotated(handler!(fills))]);
    let fill = |times| telemetry.enter(|| (0..times).for_each(|_| emit!("table.used")));
    fill(10);
    let before = TABLE.lease().unwrap();
    let mut monitor = TABLE.monitor();
    assert!(Table::delete(&TABLE));
    fill(5);
    let down = monitor.wait(PATIENCE).unwrap();
    assert_eq!(down.reason, SkipReason::StateUnavailable);
    assert_eq!(down.cause, "the table was deleted");
    assert_eq!(before.sum(), 10, "a lease keeps what it was given");

    TABLE.ensure_started_within(PATIENCE).unwrap();
    let after = TABLE.lease().unwrap();
    assert_eq!(after.get(7), None, "the entries are gone");
    fill(7);
    assert_eq!(after.get(7), Some(7), "and new ones work");
    let report = telemetry.report();
    assert_eq!(
        tally(&report, "fills"),
        "22 = 17 handled + 5 state_unavailable"
    );
    assert_eq!(before.sum(), 10);
}

/// Every call is in exactly one of the tables that there were, or skipped.
#[test]
fn a_table_that_is_deleted_again_and_again_loses_no_call() {
    const THREADS: usize = 8;
    const CALLS: u64 = 200;
    static TABLE: Resource<Table> =
        Resource::with_opener("deleted often", Table::open).restart(AT_ONCE);

    #[defensive_handler(on = "table.deleted_often")]
    fn counts(_: &Event<'_>, #[needs(TABLE)] table: &Table) {
        table.add(7, 1);
    }

    let seed = seed("RECOVERY_SEED");
    let mut monitor = TABLE.monitor();
    let telemetry = Arc::new(started([annotated(handler!(counts))]));
    let caller = Arc::clone(&telemetry);
    let deleted = crowd(THREADS, move |thread| {
        let mut choices = Choices::new(seed, thread as u64);
        let mut deleted = Vec::new();
        for _ in 0..CALLS {
            caller.enter(|| emit!("table.deleted_often"));
            // Only one thread deletes: what it leases is what it deletes.
            if thread == 0 && choices.below(10) == 0 {
                TABLE.wait_ready(PATIENCE).unwrap();
                deleted.push(TABLE.lease().unwrap());
                assert!(Table::delete(&TABLE));
            }
        }
        deleted
    });
    let deleted: Vec<_> = deleted.join().into_iter().flatten().collect();
    TABLE.wait_ready(PATIENCE).unwrap();
    let last = TABLE.lease().unwrap();
    let kept: u64 = deleted.iter().map(|table| table.sum()).sum();
    let report = telemetry.report();
    let counts = report.handler("counts").unwrap();
    assert_eq!(counts.matched, THREADS as u64 * CALLS);
    assert_eq!(counts.handled, kept + last.sum());
    let skipped = counts.skipped(SkipReason::StateUnavailable);
    assert_eq!(skipped, counts.matched - counts.handled, "{report}");
    for _ in &deleted {
        let down = monitor.wait(PATIENCE).unwrap();
        assert_eq!(down.cause, "the table was deleted");
    }
}

/// Stores that stand on one another: with the lowest one all are gone, and all come back.
#[test]
fn all_stores_are_deleted_with_the_one_that_they_stand_on() {
    static STORE: Resource<Table> =
        Resource::with_opener("store", Table::open).restart(Restart::never());
    static INDEX: Resource<Table> = Resource::with_opener("index", Table::open)
        .needs(&[&STORE])
        .restart(Restart::never());
    static CACHE: Resource<Table> = Resource::with_opener("cache", Table::open)
        .needs(&[&INDEX])
        .restart(Restart::never());
    static STORES: [&Resource<Table>; 3] = [&STORE, &INDEX, &CACHE];

    #[defensive_handler(on = "stores.used")]
    fn stores(_: &Event<'_>, #[needs(STORE)] store: &Table) {
        store.add(1, 1);
    }

    #[defensive_handler(on = "stores.used")]
    fn indexes(_: &Event<'_>, #[needs(INDEX)] index: &Table) {
        index.add(1, 1);
    }

    #[defensive_handler(on = "stores.used")]
    fn caches(_: &Event<'_>, #[needs(CACHE)] cache: &Table) {
        cache.add(1, 1);
    }

    let handlers = [handler!(stores), handler!(indexes), handler!(caches)];
    let telemetry = Arc::new(started(handlers.map(annotated)));
    let use_all = || {
        let user = Arc::clone(&telemetry);
        let users = crowd(4, move |_| {
            user.enter(|| (0..25).for_each(|_| emit!("stores.used")));
        });
        users.join();
    };
    use_all();
    let mut monitor = CACHE.monitor();
    assert!(Table::delete(&STORE));
    let down = monitor.wait(PATIENCE).unwrap();
    let told =
        "needs `index`, which went down: needs `store`, which went down: the table was deleted";
    assert_eq!(
        (down.reason, &*down.cause),
        (SkipReason::StateUnavailable, told)
    );
    use_all();
    CACHE.ensure_started_within(PATIENCE).unwrap();
    assert_eq!(STORES.map(|store| store.lease().unwrap().sum()), [0; 3]);
    use_all();
    assert_eq!(STORES.map(|store| store.lease().unwrap().sum()), [100; 3]);
    let report = telemetry.report();
    for handler in ["stores", "indexes", "caches"] {
        let expected = "300 = 200 handled + 100 state_unavailable";
        assert_eq!(tally(&report, handler), expected);
    }
}

//! Handlers outlive the store they write to.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use gambeson::{Event, Handler, Quarantine, Resource, SkipReason, emit};
use gambeson_tests::{PATIENCE, tally};

use crate::started;

/// A store that is freed once its owner was told that nobody uses it any more.
#[derive(Default)]
struct Store {
    freed: AtomicBool,
    writes: AtomicU64,
}

/// A revoke that reports no lease outstanding is the right to free the store: no write comes
/// after it, and each write was one handled event.
#[test]
fn handlers_survive_the_shutdown_of_what_they_need() {
    static STORE: Resource<Arc<Store>> = Resource::new("race_store");
    const THREADS: u64 = 4;
    const EVENTS: u64 = 5_000;
    let used_after_free = Arc::new(AtomicU64::new(0));
    let late = Arc::clone(&used_after_free);
    let writes = Handler::new("writes", "race.store", move |_| {
        let store = STORE.lease()?;
        store.writes.fetch_add(1, Ordering::Relaxed);
        thread::yield_now();
        late.fetch_add(store.freed.load(Ordering::SeqCst).into(), Ordering::Relaxed);
        Ok::<_, gambeson::Unavailable>(())
    });
    let telemetry = started([writes.needs(&STORE).quarantine(Quarantine::OFF)]);
    let done = AtomicU64::new(0);
    let (mut lives, mut written) = (0, 0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                telemetry.enter(|| (0..EVENTS).for_each(|_| emit!("race.store")));
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        while done.load(Ordering::SeqCst) < THREADS {
            let store = Arc::new(Store::default());
            let provided = STORE.provide(Arc::clone(&store));
            thread::yield_now();
            assert_eq!(provided.revoke(PATIENCE).outstanding, 0);
            store.freed.store(true, Ordering::SeqCst);
            lives += 1;
            written += store.writes.load(Ordering::SeqCst);
        }
    });
    let report = telemetry.shutdown();
    let counts = report.handler("writes").unwrap();
    assert_eq!(
        used_after_free.load(Ordering::SeqCst),
        0,
        "after {lives} lives"
    );
    assert_eq!(counts.matched, THREADS * EVENTS);
    assert_eq!(counts.handled, written);
    let refused =
        counts.skipped(SkipReason::ShuttingDown) + counts.skipped(SkipReason::Unavailable);
    assert_eq!(counts.handled + refused, counts.matched, "{report}");
}

#[test]
fn a_resource_that_is_gone_in_the_middle() {
    static STORE: Resource<Store> = Resource::new("race_middle");
    let telemetry = started([Handler::new("writes", "race.middle", |_| ()).needs(&STORE)]);
    let emit_100 = || telemetry.enter(|| (0..100).for_each(|_| emit!("race.middle")));
    emit_100();
    let provided = STORE.provide(Store::default());
    emit_100();
    assert_eq!(provided.revoke(Duration::ZERO).outstanding, 0);
    emit_100();
    let _again = STORE.provide(Store::default());
    emit_100();
    assert_eq!(
        tally(&telemetry.shutdown(), "writes"),
        "400 = 200 handled + 100 unavailable + 100 shutting_down"
    );
}

/// A real file in a real folder that is taken away and brought back.
#[test]
fn a_file_that_is_gone_in_the_middle() {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("race-{}", std::process::id()));
    let file = folder.join("sales.txt");
    let path = file.clone();
    let appends = move |event: &Event<'_>| -> std::io::Result<()> {
        let mut sales = OpenOptions::new().append(true).create(true).open(&path)?;
        writeln!(sales, "{event}")
    };
    let telemetry =
        started([Handler::new("appends", "race.file", appends).quarantine(Quarantine::OFF)]);
    let emit_10 = || telemetry.enter(|| (0..10).for_each(|n| emit!("race.file", { n = n })));
    let lines = || fs::read_to_string(&file).unwrap().lines().count();
    fs::create_dir_all(&folder).unwrap();
    emit_10();
    assert_eq!(lines(), 10);
    fs::remove_dir_all(&folder).unwrap();
    emit_10();
    fs::create_dir_all(&folder).unwrap();
    emit_10();
    assert_eq!(lines(), 10);
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(
        tally(&telemetry.shutdown(), "appends"),
        "30 = 20 handled + 10 state_unavailable"
    );
}

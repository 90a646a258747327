//! Defended futures that are dropped before they end: each is counted once, and gives back what it
//! has leased.

use std::{
    future::{Future, pending},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Waker},
    time::Duration,
};

use gambeson::{Event, Resource, SkipReason, Telemetry, defensive_handler, emit, handler};
use gambeson_tests::{PATIENCE, tally, wait_until};
use tokio::task::JoinSet;

use crate::{runtime, served_by, settled};

static POOL: Resource<u32> = Resource::new("cancelled_pool");

#[defensive_handler(needs(POOL))]
async fn holds() {
    pending::<()>().await;
}

fn poll_once(future: std::pin::Pin<&mut impl Future<Output = ()>>) {
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.poll(&mut context).is_pending());
}

#[test]
fn a_cancelled_call_gives_its_lease_back() {
    let pool = POOL.provide(1);
    let telemetry = Telemetry::isolated();
    telemetry.enter(|| {
        let mut future = Box::pin(holds());
        poll_once(future.as_mut());
        assert_eq!(pool.revoke(Duration::ZERO).outstanding, 1, "it has one");
        drop(future);
        assert_eq!(POOL.revoke(Duration::ZERO).outstanding, 0);
    });
    assert_eq!(
        tally(&telemetry.report(), "holds"),
        "1 = 0 handled + 1 cancelled"
    );
}

static DEPOT: Resource<u32> = Resource::new("cancelled_depot");
static BEGUN: AtomicU64 = AtomicU64::new(0);

#[defensive_handler(on = "cancelled.queued")]
async fn stores(_: &Event<'_>, #[needs(DEPOT)] _depot: &u32) {
    BEGUN.fetch_add(1, Ordering::SeqCst);
    pending::<()>().await;
}

/// At the deadline of a shutdown, which revokes the resource afterwards.
#[test]
fn a_queued_call_gives_its_lease_back() {
    let runtime = runtime(1);
    let telemetry = served_by(&runtime)
        .handler(handler!(stores))
        .start()
        .unwrap();
    let _depot = DEPOT.provide(1);
    telemetry.enter(|| emit!("cancelled.queued"));
    wait_until("it is begun", PATIENCE, || {
        BEGUN.load(Ordering::SeqCst) == 1
    });
    telemetry.shutdown_within(Duration::from_millis(1));
    settled(&telemetry, "stores");
    assert_eq!(DEPOT.revoke(PATIENCE).outstanding, 0);
    assert_eq!(
        tally(&telemetry.report(), "stores"),
        "1 = 0 handled + 1 cancelled"
    );
}

/// Emits and panics when it is dropped.
struct Loud;

impl Drop for Loud {
    fn drop(&mut self) {
        emit!("cancelled.dropped");
        panic!("in the drop of a local");
    }
}

#[defensive_handler]
async fn carries() {
    let _loud = Loud;
    pending::<()>().await;
}

/// Without the guard the second panic would end the process, as the twin in `processes` does.
#[test]
fn a_future_is_dropped_by_the_panic_of_others() {
    let telemetry = Telemetry::isolated();
    let heard = gambeson::Handler::new("heard", "cancelled.dropped", |_| ());
    telemetry.attach(heard).unwrap();
    let payload = telemetry.enter(|| {
        let foreign = AssertUnwindSafe(|| {
            let mut future = pin!(carries());
            poll_once(future.as_mut());
            std::panic::panic_any("of the host");
        });
        catch_unwind(foreign).expect_err("it goes on")
    });
    assert_eq!(payload.downcast_ref(), Some(&"of the host"));
    let report = telemetry.report();
    assert_eq!(tally(&report, "carries"), "1 = 0 handled + 1 cancelled");
    assert_eq!(tally(&report, "heard"), "1 = 1 handled");
}

static POLLED: AtomicU64 = AtomicU64::new(0);

#[defensive_handler]
async fn loses(wins: bool) -> Result<(), gambeson::Skip> {
    POLLED.fetch_add(1, Ordering::SeqCst);
    if !wins {
        pending::<()>().await;
    }
    Ok(())
}

/// A future that was never polled is no call.
#[test]
fn those_who_lose_a_race_are_counted_exactly() {
    let runtime = runtime(1);
    let telemetry = Telemetry::isolated();
    let won = runtime.block_on(telemetry.enter_async(async {
        let mut won = 0;
        for _ in 0..100 {
            tokio::select! {
                _ = loses(false) => unreachable!("it never ends"),
                () = tokio::task::yield_now() => {}
                () = std::future::ready(()) => {}
            }
            tokio::select! {
                biased;
                _ = loses(false) => unreachable!("it never ends"),
                value = loses(true) => won += u64::from(value.is_ok()),
            }
        }
        won
    }));
    let report = telemetry.report();
    let counts = report.handler("loses").unwrap();
    assert!(counts.is_conserved() && counts.in_flight == 0, "{report}");
    assert_eq!(counts.matched, POLLED.load(Ordering::SeqCst));
    assert_eq!((counts.handled, won), (100, 100));
    let cancelled = counts.skipped(SkipReason::Cancelled);
    assert_eq!(cancelled, counts.matched - 100);
    assert!((100..=200).contains(&cancelled), "{report}");
}

static WAITING: AtomicU64 = AtomicU64::new(0);

#[defensive_handler]
async fn works() {
    WAITING.fetch_add(1, Ordering::SeqCst);
    pending::<()>().await;
}

#[test]
fn aborted_tasks_are_counted_exactly() {
    let runtime = runtime(2);
    let telemetry = Arc::new(Telemetry::isolated());
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..100 {
            let telemetry = Arc::clone(&telemetry);
            tasks.spawn(async move { telemetry.enter_async(works()).await });
        }
        while WAITING.load(Ordering::SeqCst) < 100 {
            tokio::task::yield_now().await;
        }
        tasks.abort_all();
        while let Some(ended) = tasks.join_next().await {
            assert!(ended.unwrap_err().is_cancelled());
        }
    });
    let report = telemetry.report();
    assert_eq!(tally(&report, "works"), "100 = 0 handled + 100 cancelled");
    assert_eq!(report.handler("works").unwrap().in_flight, 0);
}

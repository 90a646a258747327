//! Async functions that are defended where they are awaited.

use std::{
    future::{Future, pending},
    pin::Pin,
    sync::atomic::{AtomicU32, Ordering},
    task::{Context, Poll},
    time::Duration,
};

use gambeson::{SkipReason, Telemetry, defensive_handler};
use gambeson_tests::tally;

use super::{runtime, second_poll};

/// A future in place: its panic in a later poll, and its end before its time.
#[defensive_handler(quarantine = false)]
async fn plain(step: u32) -> Result<u32, gambeson::Skip> {
    second_poll().await;
    assert!(step != 1, "boom");
    if step == 2 {
        pending::<()>().await;
    }
    Ok(step)
}

#[test]
fn a_plain_future_is_guarded_and_cancelled() {
    let runtime = runtime();
    let telemetry = Telemetry::isolated();
    runtime.block_on(telemetry.enter_async(async {
        assert_eq!(plain(0).await.unwrap(), 0);
        assert_eq!(plain(1).await.unwrap_err().reason(), SkipReason::Unexpected);
        tokio::time::timeout(Duration::from_millis(1), plain(2))
            .await
            .unwrap_err();
    }));
    assert_eq!(
        tally(&telemetry.report(), "plain"),
        "3 = 1 handled + 1 cancelled + 1 unexpected"
    );
}

/// Panics when it is polled, and again when it is dropped.
struct PanicsTwice;

static DROPS: AtomicU32 = AtomicU32::new(0);

impl Future for PanicsTwice {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        panic!("in the poll")
    }
}

impl Drop for PanicsTwice {
    fn drop(&mut self) {
        DROPS.fetch_add(1, Ordering::Relaxed);
        assert!(std::thread::panicking(), "in the drop");
    }
}

#[defensive_handler(quarantine = false)]
async fn holds(bomb: PanicsTwice, cancelled: bool) {
    if cancelled {
        second_poll().await;
        pending::<()>().await;
    }
    bomb.await;
}

#[test]
fn a_drop_that_panics_is_contained_too() {
    let runtime = runtime();
    let telemetry = Telemetry::isolated();
    runtime.block_on(telemetry.enter_async(async {
        holds(PanicsTwice, false).await;
        tokio::time::timeout(Duration::from_millis(1), holds(PanicsTwice, true))
            .await
            .unwrap_err();
    }));
    assert_eq!(DROPS.load(Ordering::Relaxed), 2);
    assert_eq!(
        tally(&telemetry.report(), "holds"),
        "2 = 0 handled + 1 cancelled + 1 unexpected"
    );
    let report = telemetry.report();
    assert_eq!(report.handler("holds").unwrap().future_drop_panics, 1);
}

//! A flush waits for a queue, whoever serves it.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use gambeson::{Handler, emit};
use gambeson_tests::{PATIENCE, block_on, tally};

use crate::{door, started};

#[test]
fn a_flush_waits_for_what_was_queued_before() {
    let (door, keeper) = door();
    let handler = Handler::new("slow", "waited.sent", move |_| door.pass());
    let telemetry = started(handler.queue(8));
    telemetry.enter(|| (0..3).for_each(|_| emit!("waited.sent")));
    keeper.wait();
    let error = telemetry.flush(Duration::from_millis(1)).unwrap_err();
    assert_eq!(error.handlers, ["slow"]);
    let flush = telemetry.flush_async(PATIENCE);
    keeper.let_in(3);
    assert_eq!(block_on(flush), Ok(()));
    assert_eq!(tally(&telemetry.report(), "slow"), "3 = 3 handled");
}

/// A waker of an executor that has gone.
struct Broken;

impl Wake for Broken {
    fn wake(self: Arc<Self>) {
        panic!("the executor has gone");
    }
}

/// Wakers are the executor's code: whoever serves the queue survives them, and the others are woken.
#[test]
fn a_waker_that_panics_stops_nobody() {
    let (door, keeper) = door();
    let handler = Handler::new("slow", "waited.broken", move |_| door.pass());
    let telemetry = started(handler.queue(8));
    telemetry.enter(|| emit!("waited.broken"));
    keeper.wait();
    let mut given_up = pin!(telemetry.flush_async(PATIENCE));
    let broken = Waker::from(Arc::new(Broken));
    let polled = given_up.as_mut().poll(&mut Context::from_waker(&broken));
    assert_eq!(polled, Poll::Pending);
    let flush = telemetry.flush_async(PATIENCE);
    keeper.let_in(2);
    assert_eq!(block_on(flush), Ok(()));
    telemetry.enter(|| emit!("waited.broken"));
    let report = telemetry.shutdown();
    assert_eq!(report.shutdown.as_ref().unwrap().stragglers, []);
    assert_eq!(tally(&report, "slow"), "2 = 2 handled");
}

/// The one thread of a runtime may wait for it: it is not the one that serves it.
#[test]
fn a_current_thread_runtime_can_wait_for_it() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let telemetry = started(Handler::new("quick", "waited.here", |_| ()).queue(200));
        telemetry.enter(|| (0..100).for_each(|_| emit!("waited.here")));
        let report = telemetry.shutdown();
        assert_eq!(report.shutdown.as_ref().unwrap().stragglers, []);
        assert_eq!(tally(&report, "quick"), "100 = 100 handled");
    });
}

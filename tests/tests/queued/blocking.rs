//! A handler that blocks stops nobody else, and is named with its thread.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::{Duration, Instant},
};

use gambeson::{
    DetachError, Event, Handler, Quarantine, SkipReason, defensive_handler, emit, handler,
};
use gambeson_tests::{PATIENCE, tally, wait_until};

use crate::{Door, door, runtime, served_by, settled, started};

static DOOR: OnceLock<Door> = OnceLock::new();

#[defensive_handler(on = "blocking.sent")]
async fn blocks(_: &Event<'_>) {
    tokio::task::yield_now().await;
    DOOR.get().unwrap().pass();
}

/// Is pending once, and stays where another worker finds it: what tokio's own `yield_now` defers is
/// stuck with a worker that blocks.
async fn step_back() {
    let mut has_stepped_back = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut has_stepped_back, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

static HANDLED: AtomicU64 = AtomicU64::new(0);

#[defensive_handler(on = "blocking.sent")]
async fn goes_on(_: &Event<'_>) {
    step_back().await;
    HANDLED.fetch_add(1, Ordering::SeqCst);
}

/// It holds a worker of the runtime, but neither the other queue nor the end.
#[test]
fn an_async_handler_that_blocks_its_worker() {
    let runtime = runtime(2);
    let (door, keeper) = door();
    assert!(DOOR.set(door).is_ok());
    let builder = served_by(&runtime).handler(handler!(blocks));
    let telemetry = builder.handler(handler!(goes_on)).start().unwrap();
    telemetry.enter(|| (0..50).for_each(|_| emit!("blocking.sent")));
    keeper.wait();
    wait_until("the other one has handled all", PATIENCE, || {
        HANDLED.load(Ordering::SeqCst) == 50
    });
    let begun = Instant::now();
    let report = telemetry.shutdown_within(Duration::from_millis(50));
    assert!(begun.elapsed() < PATIENCE / 2, "the deadline holds");
    assert_eq!(tally(&report, "goes_on"), "50 = 50 handled");
    let [straggler] = &report.shutdown.as_ref().unwrap().stragglers[..] else {
        panic!("{report}")
    };
    assert!(straggler.handler.ends_with("::blocks"), "{straggler}");
    assert_eq!(straggler.in_flight, 50);
    assert_eq!(straggler.threads, ["worker"]);
    keeper.let_in(1);
    settled(&telemetry, "blocks");
    assert_eq!(
        tally(&telemetry.report(), "blocks"),
        "50 = 1 handled + 49 shutting_down"
    );
}

/// A sync handler that is called by a thread of `spawn_blocking`.
#[test]
fn a_call_on_a_blocking_thread_is_named() {
    let runtime = runtime(1);
    let (door, keeper) = door();
    let telemetry = started(Handler::new("slow", "blocking.called", move |_| {
        door.pass();
    }));
    let telemetry = Arc::new(telemetry);
    let emitting = Arc::clone(&telemetry);
    let call = runtime.spawn_blocking(move || emitting.enter(|| emit!("blocking.called")));
    keeper.wait();
    let error = telemetry
        .detach("slow", Duration::from_millis(1))
        .unwrap_err();
    let DetachError::StillRunning {
        handler,
        in_flight,
        threads,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!((&*handler, in_flight), ("slow", 1));
    assert_eq!(threads, ["worker"]);
    keeper.let_in(1);
    runtime.block_on(call).unwrap();
    telemetry.detach("slow", PATIENCE).unwrap();
    assert_eq!(tally(&telemetry.report(), "slow"), "1 = 1 handled");
}

/// The thread of a queue is its own: those of others go on.
#[test]
fn a_queued_handler_that_blocks() {
    let (door, keeper) = door();
    let blocks = Handler::new("blocks", "blocking.queued", move |_| door.pass());
    let goes_on = Handler::new("goes_on", "blocking.queued", |_| ());
    let telemetry = crate::alone()
        .handler(blocks.queue(2).quarantine(Quarantine::OFF))
        .handler(goes_on.queue(64))
        .start()
        .unwrap();
    telemetry.enter(|| emit!("blocking.queued"));
    keeper.wait();
    telemetry.enter(|| (0..9).for_each(|_| emit!("blocking.queued")));
    wait_until("the other one has handled all", PATIENCE, || {
        telemetry.report().handler("goes_on").unwrap().handled == 10
    });
    let report = telemetry.report();
    let blocked = report.handler("blocks").unwrap();
    assert_eq!(blocked.skipped(SkipReason::Overloaded), 7);
    keeper.let_in(3);
    let report = telemetry.shutdown();
    assert_eq!(tally(&report, "blocks"), "10 = 3 handled + 7 overloaded");
}

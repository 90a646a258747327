//! The end in async code: nothing is blocked that would have to run, and nothing panics.

use std::{
    future::Future,
    sync::{Mutex, OnceLock, mpsc},
    thread,
    time::{Duration, Instant},
};

use gambeson::{
    DetachError, Event, Handler, PartKind, Phase, Report, Resource, Telemetry, defensive_handler,
    emit, handler,
};
use gambeson_tests::{PATIENCE, block_on, tally, wait_until};
use tokio::{runtime::Runtime, sync::Semaphore, task::LocalSet};

use super::{ended, held};
use crate::started;

#[defensive_handler(on = "asynchronous.sent")]
async fn yields(_: &Event<'_>) {
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
}

fn current_thread() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.build().unwrap()
}

fn one_worker() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).build().unwrap()
}

/// With ten events in the queue of the runtime that this is called in.
fn pending() -> Telemetry {
    let telemetry = Telemetry::isolated();
    telemetry.attach(handler!(yields)).unwrap();
    telemetry.enter(|| (0..10).for_each(|_| emit!("asynchronous.sent")));
    telemetry
}

const DRAINED: &str = "10 = 10 handled";

fn assert_drained(report: Report) {
    assert_eq!(tally(&report, "yields"), DRAINED);
    let shutdown = ended(report);
    assert!(shutdown.is_complete(), "{shutdown}");
}

async fn drained() -> Report {
    pending().shutdown_async_within(PATIENCE).await
}

#[test]
fn a_current_thread_runtime_goes_on_and_drains() {
    let runtime = current_thread();
    assert_drained(runtime.block_on(drained()));
    let local = LocalSet::new();
    assert_drained(local.block_on(&runtime, drained()));
}

#[test]
fn the_only_worker_goes_on_and_drains() {
    let runtime = one_worker();
    assert_drained(runtime.block_on(drained()));
    assert_drained(runtime.block_on(runtime.spawn(drained())).unwrap());
}

/// The blocking one hands the only worker over.
#[test]
fn a_blocking_shutdown_on_the_only_worker_drains() {
    let runtime = one_worker();
    let shutdown = async { pending().shutdown_within(PATIENCE) };
    assert_drained(runtime.block_on(runtime.spawn(shutdown)).unwrap());
}

#[test]
fn no_runtime_is_needed() {
    let (slow, slow_call) = held("slow");
    let telemetry = started([slow]);
    thread::scope(|scope| {
        slow_call.begin(scope, &telemetry, "slow");
        let shutdown = telemetry.shutdown_async_within(PATIENCE);
        wait_until("it begins without a poll", PATIENCE, || {
            telemetry.handlers().is_empty()
        });
        slow_call.let_go();
        assert!(ended(block_on(shutdown)).is_complete());
    });
}

#[test]
fn a_dropped_future_lets_the_shutdown_go_on() {
    let runtime = current_thread();
    runtime.block_on(async {
        let telemetry = pending();
        drop(telemetry.shutdown_async_within(PATIENCE));
        while telemetry.phase() != Phase::Stopped {
            tokio::task::yield_now().await;
        }
        assert_drained(telemetry.shutdown());
    });
}

/// The drop cannot wait for what only its own thread can run: it returns, and all is counted when
/// the runtime goes on.
#[test]
fn a_drop_in_async_code_does_not_hang() {
    static COUNTED: OnceLock<Telemetry> = OnceLock::new();
    let runtime = current_thread();
    let begun = Instant::now();
    runtime.block_on(async { drop(pending()) });
    let report = runtime.block_on(async { pending().shutdown() });
    assert!(begun.elapsed() < PATIENCE);
    assert_eq!(ended(report).stragglers.len(), 1);
    let telemetry = COUNTED.get_or_init(|| runtime.block_on(async { pending() }));
    runtime.block_on(async { telemetry.shutdown() });
    runtime.block_on(async {
        let is_counted = || telemetry.report().handler("yields").unwrap().is_conserved();
        while !is_counted() {
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(
        tally(&telemetry.report(), "yields"),
        "10 = 0 handled + 10 shutting_down"
    );
}

#[test]
fn a_runtime_that_is_gone_is_not_waited_for() {
    for runtime in [current_thread(), one_worker()] {
        let telemetry = runtime.block_on(async { pending() });
        drop(runtime);
        telemetry.enter(|| emit!("asynchronous.sent"));
        let begun = Instant::now();
        let report = block_on(telemetry.shutdown_async_within(PATIENCE));
        assert!(begun.elapsed() < PATIENCE);
        let counts = report.handler("yields").unwrap();
        assert_eq!(counts.matched, 11);
        assert!(counts.is_conserved(), "{report}");
        assert!(ended(report).is_complete());
    }
}

static ASYNC_HELD: Semaphore = Semaphore::const_new(0);

#[defensive_handler(on = "asynchronous.held")]
async fn held_until_permitted(_: &Event<'_>) {
    ASYNC_HELD.acquire().await.unwrap().forget();
}

/// The executor runs what the handler waits for while the shutdown waits for the handler.
#[test]
fn other_tasks_go_on_meanwhile() {
    let report = current_thread().block_on(async {
        let telemetry = Telemetry::isolated();
        telemetry.attach(handler!(held_until_permitted)).unwrap();
        telemetry.enter(|| emit!("asynchronous.held"));
        let shutdown = telemetry.shutdown_async_within(PATIENCE);
        tokio::spawn(async move {
            while telemetry.phase() != Phase::Draining {
                tokio::task::yield_now().await;
            }
            ASYNC_HELD.add_permits(1);
            // Its drop waits for the end, which needs this thread.
            std::mem::forget(telemetry);
        });
        shutdown.await
    });
    assert_eq!(tally(&report, "held_until_permitted"), "1 = 1 handled");
}

/// It cannot wait for itself, and so is there at once.
#[test]
fn inside_a_handler_it_does_not_wait() {
    static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();
    let (sender, answer) = mpsc::channel();
    let sender = Mutex::new(sender);
    let handler = Handler::new("stops", "asynchronous.stop", move |_| {
        let shutdown = TELEMETRY.get().unwrap().shutdown_async_within(PATIENCE);
        let report = gambeson_tests::run(shutdown);
        sender.lock().unwrap().send(ended(report)).unwrap();
    });
    let telemetry = TELEMETRY.get_or_init(|| started([handler]));
    telemetry.enter(|| emit!("asynchronous.stop"));
    let shutdown = answer.recv().unwrap();
    assert_eq!(shutdown.stragglers[0].handler, "stops");
}

/// The future may be sent, and does not borrow the telemetry.
#[test]
fn the_future_is_free() {
    fn is_free<F: Future + Send + 'static>(future: F) -> F {
        future
    }
    let telemetry = started([]);
    let shutdown = is_free(telemetry.shutdown_async());
    let flush = is_free(telemetry.flush_async(Duration::ZERO));
    drop(telemetry);
    assert_eq!(block_on(flush), Ok(()));
    assert_eq!(block_on(shutdown).phase, Phase::Stopped);
}

static LENT: Resource<u32> = Resource::new("asynchronous_lent");
static NEVER: Semaphore = Semaphore::const_new(0);

#[defensive_handler(on = "asynchronous.lent", needs(LENT))]
async fn holds_a_lease(_: &Event<'_>) {
    NEVER.acquire().await.unwrap().forget();
}

/// The call holds a lease, and only this very thread could run it.
#[test]
fn a_call_of_a_detached_handler_is_not_waited_for_on_its_only_thread() {
    let _lent = LENT.provide(1);
    let shutdown = current_thread().block_on(async {
        let telemetry = Telemetry::isolated();
        telemetry.attach(handler!(holds_a_lease)).unwrap();
        telemetry.enter(|| emit!("asynchronous.lent"));
        let in_flight = || {
            telemetry
                .report()
                .handler("holds_a_lease")
                .unwrap()
                .in_flight
        };
        while in_flight() == 0 {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
        let pending = telemetry.detach("holds_a_lease", PATIENCE).unwrap_err();
        assert!(
            matches!(pending, DetachError::OnItsRuntime { .. }),
            "{pending}"
        );
        ended(telemetry.shutdown_within(PATIENCE))
    });
    let lent = shutdown.part(PartKind::Resource, LENT.name()).unwrap();
    assert_eq!(lent.outstanding, 1, "{shutdown}");
    assert!(shutdown.elapsed < PATIENCE / 2, "{shutdown}");
}

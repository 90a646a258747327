//! Async handlers: queued, bounded, drained, and contained in every poll.

mod plain;

use std::{
    future::{pending, poll_fn},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use gambeson::{
    AttachError, Config, Event, Resource, SkipReason, StartError, Telemetry, defensive_handler,
    emit, handler,
};
use gambeson_tests::{PATIENCE, tally, wait_until};
use tokio::{runtime::Runtime, sync::Semaphore};

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

fn serving(runtime: &Runtime, handler: impl gambeson::IntoHandler) -> Telemetry {
    Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .config(Config::default())
        .runtime(runtime.handle().clone())
        .handler(handler)
        .start()
        .unwrap()
}

/// Ready at the second poll, so that the first one returns to the queue's worker.
async fn second_poll() {
    let mut polled = false;
    poll_fn(|context| {
        if std::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

static SEEN: Mutex<Vec<u64>> = Mutex::new(Vec::new());

#[defensive_handler(on = "fifo.sent")]
async fn note(event: &Event<'_>) -> Result<(), gambeson::FieldError> {
    let number = event.number("n")?;
    second_poll().await;
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small count"
    )]
    seen.push(number as u64);
    Ok(())
}

#[test]
fn served_in_order_and_drained_at_shutdown() {
    let runtime = runtime();
    let telemetry = serving(&runtime, handler!(note));
    telemetry.enter(|| {
        for n in 0..1_000_u64 {
            emit!("fifo.sent", { n = n });
        }
    });
    let report = telemetry.shutdown();
    assert_eq!(report.shutdown.as_ref().unwrap().stragglers, []);
    assert_eq!(tally(&report, "note"), "1000 = 1000 handled");
    assert_eq!(*SEEN.lock().unwrap(), (0..1_000).collect::<Vec<u64>>());
}

static GATE: Semaphore = Semaphore::const_new(0);
static HELD: AtomicU64 = AtomicU64::new(0);

#[defensive_handler(on = "full.sent")]
async fn hold(_: &Event<'_>) {
    HELD.fetch_add(1, Ordering::SeqCst);
    GATE.acquire().await.expect("it stays open").forget();
}

/// 1,024 events wait beside the one that runs; the next ones are skipped at once.
#[test]
fn a_full_queue_is_overloaded() {
    let runtime = runtime();
    let telemetry = serving(&runtime, handler!(hold));
    let send = || telemetry.enter(|| emit!("full.sent"));
    send();
    wait_until("the first event is taken", PATIENCE, || {
        HELD.load(Ordering::SeqCst) == 1
    });
    for _ in 0..1_024 + 7 {
        send();
    }
    // Skipped already, and not only when the queue is drained.
    let report = telemetry.report();
    let refused = report.handler("hold").unwrap();
    assert_eq!(refused.skipped(SkipReason::Overloaded), 7);
    GATE.add_permits(2_000);
    let report = telemetry.shutdown();
    assert_eq!(tally(&report, "hold"), "1032 = 1025 handled + 7 overloaded");
}

#[defensive_handler(on = "poll.sent", quarantine = false)]
async fn panics_later(_: &Event<'_>) {
    second_poll().await;
    panic!("in the second poll");
}

#[test]
fn a_panic_in_the_second_poll_is_contained_and_the_queue_goes_on() {
    let runtime = runtime();
    let telemetry = serving(&runtime, handler!(panics_later));
    telemetry.enter(|| (0..3).for_each(|_| emit!("poll.sent")));
    let report = telemetry.shutdown();
    assert_eq!(
        tally(&report, "panics_later"),
        "3 = 0 handled + 3 unexpected"
    );
}

static BEGUN: Semaphore = Semaphore::const_new(0);

#[defensive_handler(on = "gone.sent")]
async fn waits_for_ever(_: &Event<'_>) {
    BEGUN.add_permits(1);
    pending::<()>().await;
}

/// The call that runs is cancelled, those behind it are not begun, and later ones are refused.
#[test]
fn a_runtime_that_goes_accounts_for_all() {
    let runtime = runtime();
    let telemetry = serving(&runtime, handler!(waits_for_ever));
    let send = || telemetry.enter(|| emit!("gone.sent"));
    (0..5).for_each(|_| send());
    runtime.block_on(async { BEGUN.acquire().await.unwrap().forget() });
    drop(runtime);
    send();
    let report = telemetry.shutdown();
    assert_eq!(
        tally(&report, "waits_for_ever"),
        "6 = 0 handled + 5 shutting_down + 1 cancelled"
    );
    assert_eq!(report.shutdown.unwrap().stragglers, []);
}

#[defensive_handler(on = "late.sent")]
async fn too_slow(_: &Event<'_>) {
    STARTED.add_permits(1);
    pending::<()>().await;
}

static STARTED: Semaphore = Semaphore::const_new(0);

/// What does not end in time is named, then cancelled and counted.
#[test]
fn a_shutdown_gives_up_at_its_deadline() {
    let runtime = runtime();
    let telemetry = serving(&runtime, handler!(too_slow));
    telemetry.enter(|| (0..3).for_each(|_| emit!("late.sent")));
    runtime.block_on(async { STARTED.acquire().await.unwrap().forget() });
    let report = telemetry.shutdown_within(Duration::from_millis(1));
    let stragglers = report.shutdown.unwrap().stragglers;
    assert_eq!(stragglers.len(), 1);
    assert!(stragglers[0].handler.ends_with("too_slow"));
    assert_eq!(stragglers[0].in_flight, 3);
    wait_until("what was given up is counted", PATIENCE, || {
        telemetry
            .report()
            .handler("too_slow")
            .unwrap()
            .is_conserved()
    });
    assert_eq!(
        tally(&telemetry.report(), "too_slow"),
        "3 = 0 handled + 2 shutting_down + 1 cancelled"
    );
}

static POOL: Resource<AtomicU64> = Resource::new("async_pool");

#[defensive_handler(on = "pool.sent")]
async fn uses_pool(_: &Event<'_>, #[needs(POOL)] pool: &AtomicU64) {
    second_poll().await;
    pool.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn a_lease_is_taken_when_the_call_begins() {
    let runtime = runtime();
    let telemetry = serving(&runtime, handler!(uses_pool));
    let handled = |counts: &str| {
        wait_until(counts, PATIENCE, || {
            let report = telemetry.report();
            report
                .handler("uses_pool")
                .is_some_and(|handler| handler.is_conserved() && handler.in_flight == 0)
        });
        assert_eq!(tally(&telemetry.report(), "uses_pool"), counts);
    };
    telemetry.enter(|| emit!("pool.sent"));
    handled("1 = 0 handled + 1 unavailable");
    let pool = POOL.provide(AtomicU64::new(0));
    telemetry.enter(|| emit!("pool.sent"));
    handled("2 = 1 handled + 1 unavailable");
    drop(pool);
    telemetry.enter(|| emit!("pool.sent"));
    handled("3 = 1 handled + 1 unavailable + 1 shutting_down");
}

#[test]
fn without_a_runtime_the_start_is_refused() {
    let error = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .handler(handler!(note))
        .start()
        .unwrap_err();
    let StartError::Attach(AttachError::NoRuntime { handlers }) = error else {
        panic!("{error}")
    };
    assert_eq!(handlers.len(), 1);
    assert!(
        handlers[0].ends_with("async_handlers::note"),
        "{handlers:?}"
    );
}

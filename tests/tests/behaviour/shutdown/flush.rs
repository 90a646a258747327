//! A flush: every event that was queued before it has been handled or skipped.

use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use gambeson::{Config, Event, FieldError, Telemetry, defensive_handler, emit, handler};
use gambeson_tests::{PATIENCE, block_on, tally, wait_until};
use tokio::{runtime::Runtime, sync::Semaphore};

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).build().unwrap()
}

fn serving(runtime: &Runtime, handler: impl gambeson::IntoHandler) -> Telemetry {
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let builder = builder
        .config(Config::default())
        .runtime(runtime.handle().clone());
    builder.handler(handler).start().unwrap()
}

static SEEN: Mutex<Option<HashSet<u64>>> = Mutex::new(None);
static NOISE: AtomicU64 = AtomicU64::new(0);

#[defensive_handler(on("flush.counted", "flush.noise"))]
async fn counts(event: &Event<'_>) -> Result<(), FieldError> {
    tokio::task::yield_now().await;
    if event.name() == "flush.noise" {
        NOISE.fetch_add(1, Ordering::SeqCst);
        return Ok(());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count"
    )]
    let number = event.number("n")? as u64;
    SEEN.lock().unwrap().get_or_insert_default().insert(number);
    Ok(())
}

/// While another thread goes on emitting, so that the queue is never seen empty.
#[test]
fn exact_under_load() {
    let runtime = runtime();
    let telemetry = serving(&runtime, handler!(counts));
    let ends = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            // Eight at most are on their way, so that there is room for those that are counted.
            for emitted in 0.. {
                while NOISE.load(Ordering::SeqCst) + 8 < emitted {
                    thread::yield_now();
                }
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                telemetry.enter(|| emit!("flush.noise"));
            }
        });
        for round in 0..200_u64 {
            let numbers = round * 20..(round + 1) * 20;
            telemetry.enter(|| {
                for n in numbers.clone() {
                    emit!("flush.counted", { n = n });
                }
            });
            telemetry.flush(PATIENCE).unwrap();
            let seen = SEEN.lock().unwrap();
            let seen = seen.as_ref().unwrap();
            assert!(numbers.into_iter().all(|n| seen.contains(&n)));
        }
        ends.store(true, Ordering::SeqCst);
    });
    let seen = SEEN.lock().unwrap();
    assert_eq!(seen.as_ref().unwrap().len(), 4_000);
}

static GATE: Semaphore = Semaphore::const_new(0);
static TAKEN: AtomicU64 = AtomicU64::new(0);

#[defensive_handler(on = "flush.full")]
async fn waits(_: &Event<'_>) {
    TAKEN.fetch_add(1, Ordering::SeqCst);
    GATE.acquire().await.unwrap().forget();
}

/// A queue without room is flushed as any other; until then the error names whose it is.
#[test]
fn a_full_queue_is_flushed() {
    let runtime = runtime();
    let telemetry = serving(&runtime, handler!(waits));
    telemetry.enter(|| {
        emit!("flush.full");
        wait_until("it is taken", PATIENCE, || {
            TAKEN.load(Ordering::SeqCst) == 1
        });
        (0..1_024).for_each(|_| emit!("flush.full"));
    });
    let error = telemetry.flush(Duration::ZERO).unwrap_err();
    let [handler] = &error.handlers[..] else {
        panic!("{error}")
    };
    assert!(handler.ends_with("flush::waits"), "{handler}");
    assert!(
        error
            .to_string()
            .starts_with(&format!("events were still queued for `{handler}` after"))
    );
    let flush = telemetry.flush_async(PATIENCE);
    GATE.add_permits(2_000);
    assert_eq!(block_on(flush), Ok(()));
    assert_eq!(tally(&telemetry.report(), "waits"), "1025 = 1025 handled");
}

#[defensive_handler(on = "flush.gone")]
async fn goes(_: &Event<'_>) {
    std::future::pending::<()>().await;
}

/// What the runtime took with it has been skipped.
#[test]
fn a_queue_without_a_runtime_has_come_to_its_end() {
    let runtime = runtime();
    let telemetry = serving(&runtime, handler!(goes));
    telemetry.enter(|| (0..5).for_each(|_| emit!("flush.gone")));
    let flush = telemetry.flush_async(PATIENCE);
    drop(runtime);
    assert_eq!(block_on(flush), Ok(()));
    let report = telemetry.report();
    assert!(report.handler("goes").unwrap().is_conserved(), "{report}");
    assert_eq!(report.handler("goes").unwrap().handled, 0);
    assert_eq!(telemetry.flush(Duration::ZERO), Ok(()));
}

#[defensive_handler(on = "flush.slow")]
async fn yields(_: &Event<'_>) {
    tokio::task::yield_now().await;
}

/// A blocking flush on the only thread would wait for ever; the other one does not block it.
#[test]
fn on_the_only_thread() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let telemetry = serving(&runtime, handler!(yields));
    telemetry.enter(|| emit!("flush.slow"));
    runtime.block_on(async {
        assert!(telemetry.flush(PATIENCE).is_err());
        assert_eq!(telemetry.flush_async(PATIENCE).await, Ok(()));
        assert_eq!(tally(&telemetry.report(), "yields"), "1 = 1 handled");
    });
}

#[test]
fn without_queues_there_is_nothing_to_wait_for() {
    assert_eq!(crate::started([]).flush(Duration::ZERO), Ok(()));
}

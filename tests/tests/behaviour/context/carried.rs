//! Threads, tasks and queues.

use std::{
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Poll, Waker},
    thread,
};

use gambeson::{
    Event, IntoHandler, Telemetry,
    context::{self, Context, InContext},
    defensive_handler, emit, handler,
};
use gambeson_tests::{Records, tally};
use tokio::{runtime::Runtime, sync::Semaphore};

use super::shown;

/// What it sees at its first and at its second poll.
async fn seen_twice() -> [String; 2] {
    let first = shown();
    tokio::task::yield_now().await;
    [first, shown()]
}

type Sent = Pin<Box<dyn Future<Output = [String; 2]> + Send>>;

/// Polled once on each of two threads, the second of which is in a scope of its own.
fn polled_on_two_threads(mut future: Sent) -> [String; 2] {
    fn poll(future: &mut Sent) -> Poll<[String; 2]> {
        future
            .as_mut()
            .poll(&mut std::task::Context::from_waker(Waker::noop()))
    }
    let (future, first) = thread::spawn(move || {
        let polled = poll(&mut future);
        (future, polled)
    })
    .join()
    .unwrap();
    assert!(first.is_pending());
    let second = thread::spawn(move || {
        let mut future = future;
        context::scope([("other", "work")], || poll(&mut future))
    });
    match second.join().unwrap() {
        Poll::Ready(seen) => seen,
        Poll::Pending => panic!("it is ready at the second poll"),
    }
}

#[test]
fn a_future_has_its_context_on_whatever_thread() {
    let (with, without): (Sent, Sent) = context::scope([("tenant", "acme")], || {
        let with = seen_twice().in_context([("order_id", "A-1")]);
        (Box::pin(with) as Sent, Box::pin(seen_twice()) as Sent)
    });
    let context = r#"tenant="acme" order_id="A-1""#.to_owned();
    assert_eq!(polled_on_two_threads(with), [context.clone(), context]);
    let theirs = [String::new(), r#"other="work""#.to_owned()];
    assert_eq!(polled_on_two_threads(without), theirs, "the twin");
}

#[test]
fn a_context_is_carried_into_a_thread() {
    let (carried, not_carried) = context::scope([("order_id", "A-1")], || {
        let context = Context::current();
        let carried = thread::spawn(move || {
            let inside = context.scope(|| {
                context::breadcrumb("on another thread");
                shown()
            });
            (inside, shown())
        });
        let carried = carried.join().unwrap();
        assert_eq!(Context::current().breadcrumbs(), ["on another thread"]);
        (carried, thread::spawn(shown).join().unwrap())
    });
    assert_eq!(carried, (r#"order_id="A-1""#.to_owned(), String::new()));
    assert_eq!(not_carried, "");
}

/// On one thread, whose scope is not that of the tasks.
#[test]
fn a_context_is_carried_into_a_task() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let seen = context::scope([("main", true)], || {
        runtime.block_on(async {
            let tasks = context::scope([("tenant", "acme")], || {
                let with = seen_twice().in_context([("order_id", "A-1")]);
                (tokio::spawn(with), tokio::spawn(async { shown() }))
            });
            tokio::task::yield_now().await;
            (tasks.0.await.unwrap(), tasks.1.await.unwrap())
        })
    });
    let context = r#"main=true tenant="acme" order_id="A-1""#.to_owned();
    assert_eq!(seen.0, [context.clone(), context]);
    assert_eq!(
        seen.1, "main=true",
        "the twin: it has no context, and so that of its executor"
    );
}

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[defensive_handler(on = "context.sent", quarantine = false)]
async fn sees(_: &Event<'_>) {
    let [first, second] = seen_twice().await;
    assert_eq!(first, second);
    SEEN.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(first);
    context::breadcrumb("its handler ran");
    RAN.add_permits(1);
}

static RAN: Semaphore = Semaphore::const_new(0);

/// A telemetry served by the one thread that waits for it.
fn served_here(handler: impl IntoHandler) -> (Runtime, Telemetry) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let builder = builder.runtime(runtime.handle().clone());
    let telemetry = builder.handler(handler).start().unwrap();
    (runtime, telemetry)
}

/// The context of the emission follows the event to the queue, and that of the queue's executor
/// does not get to an event that has none.
#[test]
fn an_async_handler_has_the_context_of_the_emission() {
    let (runtime, telemetry) = served_here(handler!(sees));
    let work = context::scope([("main", true)], || {
        let emission = || telemetry.enter(|| emit!("context.sent"));
        let work = context::scope([("order_id", "A-1")], || {
            emission();
            Context::current()
        });
        Context::default().scope(emission);
        let ran = runtime.block_on(RAN.acquire_many(2));
        ran.expect("it stays open").forget();
        work
    });
    let report = telemetry.shutdown();
    assert_eq!(tally(&report, "sees"), "2 = 2 handled");
    let seen = SEEN.lock().unwrap();
    assert_eq!(*seen, [r#"main=true order_id="A-1""#, ""]);
    assert_eq!(work.breadcrumbs(), ["its handler ran"]);
}

static FAILING: Semaphore = Semaphore::const_new(0);

#[defensive_handler(on = "context.failed", quarantine = false)]
async fn fails(_: &Event<'_>) {
    tokio::task::yield_now().await;
    FAILING.add_permits(1);
    panic!("in the second poll");
}

#[test]
fn the_record_of_an_async_handler_has_it_too() {
    let records = Records::new();
    records.capture(|| {
        let (runtime, telemetry) = served_here(handler!(fails));
        telemetry.enter(|| context::scope([("order_id", "A-1")], || emit!("context.failed")));
        let failing = runtime.block_on(FAILING.acquire());
        failing.expect("it stays open").forget();
        telemetry.shutdown();
    });
    let [record] = &records.skips()[..] else {
        panic!("one record: {records:?}")
    };
    assert_eq!(record.field("context"), Some(r#"order_id="A-1""#));
    assert_eq!(record.field("error"), Some("in the second poll"));
}

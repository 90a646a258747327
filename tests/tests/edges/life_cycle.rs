//! Starts and shutdowns at unusual places.

use std::{sync::mpsc, thread, time::Duration};

use gambeson::{Event, Handler, StartError, Telemetry, defensive_handler, emit, handler};
use tokio::runtime::Runtime;

const LONG: Duration = Duration::from_secs(60);

fn runtime(workers: usize) -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .build()
        .unwrap()
}

#[defensive_handler(on = "edge.queued")]
async fn queued(_event: &Event<'_>) {
    std::future::ready(()).await;
    emit!("edge.from_queue");
}

#[test]
fn a_filter_may_start_another_telemetry() {
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        let start = |accepts: fn(&str) -> bool| {
            let builder = Telemetry::builder().isolated().filter(accepts);
            builder.start().map(drop)
        };
        let outer: Result<(), StartError> = start(|_| {
            let builder = Telemetry::builder().isolated().filter(|_| false);
            builder.start().is_err()
        });
        done.send(outer.is_ok()).expect("the test waits for it");
    });
    assert_eq!(is_done.recv_timeout(LONG), Ok(true));
}

#[test]
fn a_shutdown_on_a_worker_is_no_obstacle_to_what_that_worker_woke_up() {
    let runtime = runtime(2);
    let shutdown = runtime.spawn(async {
        let telemetry = Telemetry::isolated();
        telemetry.attach(handler!(queued)).unwrap();
        telemetry.enter(|| emit!("edge.queued"));
        telemetry.shutdown_within(LONG)
    });
    let report = runtime.block_on(shutdown).unwrap();
    assert_eq!(report.handler("queued").unwrap().handled, 1, "{report}");
}

/// What a shutdown makes of an event that waits for its only worker.
fn on_the_only_worker(runtime: &Runtime, local: bool) -> (u64, usize) {
    let ending = async {
        let telemetry = Telemetry::isolated();
        telemetry.attach(handler!(queued)).unwrap();
        telemetry.enter(|| emit!("edge.queued"));
        let report = telemetry.shutdown_within(LONG);
        let shutdown = report.shutdown.as_ref().unwrap();
        assert!(shutdown.elapsed < LONG, "{report}");
        let handled = report.handler("queued").unwrap().handled;
        (handled, shutdown.stragglers.len())
    };
    if local {
        let local = tokio::task::LocalSet::new();
        let ending = local.spawn_local(ending);
        runtime.block_on(local.run_until(ending)).unwrap()
    } else {
        runtime.block_on(runtime.spawn(ending)).unwrap()
    }
}

#[test]
fn a_shutdown_on_the_only_worker_hands_it_over() {
    assert_eq!(on_the_only_worker(&runtime(1), false), (1, 0));
}

/// Nobody can take the place of the thread that waits, and nothing panics.
#[test]
fn a_shutdown_where_no_worker_can_be_handed_over_does_not_wait_for_it() {
    let current_thread = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    assert_eq!(on_the_only_worker(&current_thread, false), (0, 1));
    assert_eq!(on_the_only_worker(&current_thread, true), (0, 1));
}

/// The local set is served by another thread than the queue is.
#[test]
fn a_shutdown_in_a_local_set_waits_for_the_worker() {
    assert_eq!(on_the_only_worker(&runtime(1), true), (1, 0));
}

#[test]
fn what_an_async_handler_emits_goes_to_its_own_telemetry() {
    let runtime = runtime(2);
    let _inside = runtime.enter();
    let telemetry = Telemetry::isolated();
    telemetry.attach(handler!(queued)).unwrap();
    let counting = Handler::new("counting", "edge.from_queue", |_| ());
    telemetry.attach(counting).unwrap();
    telemetry.enter(|| emit!("edge.queued"));
    telemetry.detach("queued", LONG).unwrap();
    let report = telemetry.report();
    assert_eq!(report.handler("counting").unwrap().handled, 1, "{report}");
}

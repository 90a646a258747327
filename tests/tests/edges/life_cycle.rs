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

#[test]
fn a_shutdown_on_the_only_worker_does_not_wait_for_it() {
    let runtime = runtime(1);
    let shutdown = runtime.spawn(async {
        let telemetry = Telemetry::isolated();
        telemetry.attach(handler!(queued)).unwrap();
        telemetry.enter(|| emit!("edge.queued"));
        telemetry.shutdown_within(LONG).shutdown
    });
    let shutdown = runtime.block_on(shutdown).unwrap().unwrap();
    assert_eq!(shutdown.stragglers.len(), 1);
    assert!(shutdown.elapsed < LONG);
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

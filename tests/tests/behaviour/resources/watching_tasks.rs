//! Tasks of tokio: their panic, cancellation or end is the resource's, whatever runtime is there.

use std::future::pending;

use gambeson::{Down, Monitor, Provided, Readiness, Resource, SkipReason};
use gambeson_tests::PATIENCE;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap()
}

/// A resource of its own for each test.
fn fresh() -> (&'static Resource<u32>, Provided<u32>, Monitor) {
    let resource: &'static Resource<u32> = Box::leak(Box::new(Resource::new("task")));
    (resource, resource.provide(1), resource.monitor())
}

#[track_caller]
fn assert_died(mut monitor: Monitor, reason: SkipReason, cause: &str) {
    let down: Down = monitor.wait(PATIENCE).expect("the task ended");
    assert_eq!((down.reason, down.cause.as_str()), (reason, cause));
    assert_eq!(monitor.try_next(), None);
}

#[test]
fn a_task_that_panics_ends_or_is_cancelled() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let (resource, _provided, monitor) = fresh();
    let panics = async { panic!("out of coins") };
    resource.watch(tokio::spawn(panics)).unwrap();
    assert_died(
        monitor,
        SkipReason::PeerDead,
        "the task panicked: out of coins",
    );

    let (resource, _provided, monitor) = fresh();
    resource.watch(tokio::spawn(async { 7 })).unwrap();
    assert_died(monitor, SkipReason::PeerDead, "the task ended");

    let (resource, _provided, mut monitor) = fresh();
    let task = tokio::spawn(pending::<()>());
    let abort = task.abort_handle();
    resource.watch(task).unwrap();
    assert_eq!(
        (monitor.try_next(), resource.readiness()),
        (None, Readiness::Ready)
    );
    abort.abort();
    assert_died(monitor, SkipReason::ShuttingDown, "the task was cancelled");
}

#[test]
fn a_task_whose_runtime_is_dropped_was_cancelled() {
    let runtime = runtime();
    let (resource, _provided, mut monitor) = fresh();
    let task = runtime.spawn(pending::<()>());
    runtime.block_on(async { resource.watch(task).unwrap() });
    assert_eq!(monitor.try_next(), None);
    drop(runtime);
    assert_died(monitor, SkipReason::ShuttingDown, "the task was cancelled");
}

#[test]
fn a_task_is_watched_from_outside_of_any_runtime() {
    let runtime = runtime();
    let (resource, _provided, monitor) = fresh();
    let (go_on, goes_on) = tokio::sync::oneshot::channel::<()>();
    let task = runtime.spawn(async move {
        goes_on.await.unwrap();
        panic!("woken");
    });
    resource.watch(task).unwrap();
    go_on.send(()).unwrap();
    assert_died(monitor, SkipReason::PeerDead, "the task panicked: woken");
}

/// The watch goes on where the runtime that waited for the task ends before the task does.
#[test]
fn a_task_of_another_runtime_outlives_the_one_that_watches() {
    let (theirs, ours) = (runtime(), runtime());
    let (resource, _provided, mut monitor) = fresh();
    let (go_on, goes_on) = tokio::sync::oneshot::channel::<()>();
    let task = theirs.spawn(async move { goes_on.await.unwrap() });
    ours.block_on(async { resource.watch(task).unwrap() });
    drop(ours);
    assert_eq!(
        (monitor.try_next(), resource.readiness()),
        (None, Readiness::Ready)
    );
    go_on.send(()).unwrap();
    assert_died(monitor, SkipReason::PeerDead, "the task ended");
}

#[test]
fn a_watch_from_a_runtime_that_has_ended_is_none_the_worse() {
    let (theirs, ours) = (runtime(), runtime());
    let handle = ours.handle().clone();
    drop(ours);
    let _inside = handle.enter();
    let (resource, _provided, monitor) = fresh();
    let task = theirs.spawn(async { panic!("heard") });
    resource.watch(task).unwrap();
    assert_died(monitor, SkipReason::PeerDead, "the task panicked: heard");
}

/// The opener watches the task that it spawned, in the runtime of whoever asked, each time anew.
#[test]
fn a_resource_made_of_a_task_comes_back_with_a_new_one() {
    use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

    static SERVER: Resource<UnboundedSender<&str>> = Resource::with_opener("server", || {
        let (sender, mut requests) = unbounded_channel();
        let served = tokio::spawn(async move {
            if let Some(request) = requests.recv().await {
                panic!("cannot serve {request}");
            }
        });
        SERVER.watch(served).map(|()| sender)
    });
    let runtime = runtime();
    runtime.block_on(async { SERVER.ensure_started_within(PATIENCE).unwrap() });
    let mut monitor = SERVER.monitor();
    for request in ["tea", "milk"] {
        SERVER.wait_ready(PATIENCE).unwrap();
        SERVER.lease().unwrap().send(request).unwrap();
        let down = monitor.wait(PATIENCE).unwrap();
        assert_eq!(
            down.cause,
            format!("the task panicked: cannot serve {request}")
        );
    }
    SERVER.revoke(PATIENCE);
}

//! Places in an async runtime that goes.

use std::{
    future::pending,
    sync::atomic::{AtomicUsize, Ordering},
};

use gambeson::{Event, defensive_handler, emit, handler};
use gambeson_tests::{PATIENCE, wait_until};
use tokio::runtime::{Builder, Runtime};

use crate::twin::{is_bare, run, start, start_with, tell, tell_of};

static DROPPED: AtomicUsize = AtomicUsize::new(0);

/// Runs the body when it is dropped, and counts it if that comes to its end.
struct Dropped;

impl Drop for Dropped {
    fn drop(&mut self) {
        run();
        DROPPED.fetch_add(1, Ordering::SeqCst);
    }
}

/// A runtime with a task that never ends and has begun.
fn runtime_with_task(mut builder: Builder) -> Runtime {
    let runtime = match builder.build() {
        Ok(runtime) => runtime,
        Err(error) => panic!("{error}"),
    };
    let (says, begun) = tokio::sync::oneshot::channel();
    runtime.spawn(async move {
        let _dropped = Dropped;
        let _ = says.send(());
        pending::<()>().await;
    });
    assert!(runtime.block_on(begun).is_ok());
    runtime
}

/// The future of a task is dropped with its runtime: on this thread, and by a worker.
pub(crate) fn runtime_dropped() {
    start();
    drop(runtime_with_task(Builder::new_current_thread()));
    drop(runtime_with_task(Builder::new_multi_thread()));
    runtime_with_task(Builder::new_multi_thread()).shutdown_background();
    if is_bare() {
        return say_dropped();
    }
    wait_until("all are dropped", PATIENCE, || {
        DROPPED.load(Ordering::SeqCst) == 3
    });
    say_dropped();
    tell();
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_dropped() {
    println!("{} ran to their end", DROPPED.load(Ordering::SeqCst));
}

/// An async handler's own runtime.
#[defensive_handler(on = "place.queued", quarantine = false)]
async fn queued(_: &Event<'_>) {
    tokio::task::yield_now().await;
    panic!("queued");
}

/// The runtime of an async handler is gone.
pub(crate) fn runtime_gone() {
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => panic!("{error}"),
    };
    let handle = runtime.handle().clone();
    start_with(|builder| builder.handler(handler!(queued)).runtime(handle));
    drop(runtime);
    if is_bare() {
        tokio::spawn(async { run() });
    }
    for _ in 0..3 {
        emit!("place.queued");
    }
    run();
    tell_of(&["queued"]);
    tell();
}

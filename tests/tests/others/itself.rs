//! A shutdown that would have to wait for itself, or for what only its own thread can run.

use std::{
    sync::{Arc, OnceLock, mpsc},
    thread,
};

use gambeson::{PartKind, Phase, Resource, Telemetry};
use gambeson_tests::PATIENCE;

use crate::alone;

static ENDING: OnceLock<Telemetry> = OnceLock::new();

/// A value whose drop, which is a part of the shutdown, asks for another one.
struct AsksAgain(mpsc::Sender<Phase>);

impl Drop for AsksAgain {
    fn drop(&mut self) {
        let report = ENDING.get().unwrap().shutdown_within(10 * PATIENCE);
        let _ = self.0.send(report.phase);
    }
}

static VALUE: Resource<AsksAgain> = Resource::new("asks_again");

#[test]
fn a_shutdown_from_the_drop_of_what_it_revokes_does_not_wait_for_itself() {
    let (sender, phases) = mpsc::channel();
    let _provided = VALUE.provide(AsksAgain(sender));
    assert!(
        ENDING
            .set(alone().resource(&VALUE).start().unwrap())
            .is_ok()
    );
    thread::spawn(|| ENDING.get().map(Telemetry::shutdown));
    assert_eq!(phases.recv_timeout(PATIENCE), Ok(Phase::Draining));
}

/// Dropping the telemetry blocks the only thread on which the task can end.
#[test]
fn who_comes_second_does_not_block_the_thread_that_tracked_tasks_need() {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().unwrap();
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || {
        runtime.block_on(async move {
            let telemetry = alone().start().unwrap();
            let stop = telemetry.cancellation_token();
            telemetry
                .tasks()
                .spawn(async move { stop.cancelled().await });
            let ending = telemetry.shutdown_async_within(10 * PATIENCE);
            assert_ne!(telemetry.phase(), Phase::Running, "it begins at once");
            telemetry.shutdown_within(10 * PATIENCE);
            let _ = sender.send(ending.await.shutdown.unwrap().is_complete());
        });
    });
    assert_eq!(ended.recv_timeout(PATIENCE), Ok(true));
}

/// The telemetry was started outside of the runtime. A task that a worker wakes up is the next
/// one of that very worker, which nobody else runs.
#[test]
fn a_worker_that_shuts_down_lets_others_run_the_tasks_it_told_to_end() {
    let telemetry = Arc::new(alone().start().unwrap());
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).build().unwrap();
    let stop = telemetry.cancellation_token();
    telemetry
        .tasks()
        .spawn_on(async move { stop.cancelled().await }, runtime.handle());
    let there = Arc::clone(&telemetry);
    let ending = runtime.spawn(async move { there.shutdown_within(PATIENCE) });
    let shutdown = runtime.block_on(ending).unwrap().shutdown.unwrap();
    let tasks = shutdown.part(PartKind::Tasks, "tasks").unwrap();
    assert_eq!(tasks.outstanding, 0, "{shutdown}");
    assert!(shutdown.elapsed < PATIENCE / 2, "{shutdown}");
}

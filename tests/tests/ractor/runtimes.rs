//! The runtime of an actor goes away, or that of whoever hears of it.

use gambeson::{
    Readiness, Resource, Restart, SkipReason,
    ractor::{provide, spawn},
};
use gambeson_tests::PATIENCE;
use ractor::Actor;
use tokio::runtime::Builder;

use crate::{
    Clerks,
    clerk::{Clerk, Fate},
    next, runtime, total,
};

const WITH_RUNTIME: &str =
    "shutting_down: the actor has ended, and so has the runtime that watched it";

#[test]
fn an_actor_dies_with_its_only_thread() {
    static SINGLE: Clerks =
        Resource::with_opener("single", || spawn(&SINGLE, None, Clerk, Fate::default()))
            .restart(Restart::never());
    let mut monitor = SINGLE.monitor();
    for _ in 0..10 {
        let runtime = Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { SINGLE.ensure_started().unwrap() });
        drop(runtime);
        assert_eq!(next(&mut monitor), WITH_RUNTIME);
    }
    assert!(monitor.try_next().is_none(), "once for each");
    assert_eq!(
        SINGLE.lease().unwrap_err().reason(),
        SkipReason::ShuttingDown
    );
}

/// Workers may hear of the actor's end while they stop themselves.
#[test]
fn an_actor_dies_with_its_workers() {
    static WORKED: Clerks =
        Resource::with_opener("worked", || spawn(&WORKED, None, Clerk, Fate::default()))
            .restart(Restart::never());
    let mut monitor = WORKED.monitor();
    for _ in 0..10 {
        let runtime = runtime();
        let inside = runtime.enter();
        WORKED.ensure_started().unwrap();
        drop(inside);
        runtime.shutdown_background();
        let told = next(&mut monitor);
        let cancelled = "shutting_down: the task of the actor was cancelled";
        assert!([WITH_RUNTIME, cancelled].contains(&told.as_str()), "{told}");
    }
    assert!(monitor.try_next().is_none(), "once for each");
}

/// The next runtime serves it.
#[test]
fn another_runtime_brings_it_back() {
    static MOVED: Clerks =
        Resource::with_opener("moved", || spawn(&MOVED, None, Clerk, Fate::default()));
    let mut monitor = MOVED.monitor();
    let first = runtime();
    first.block_on(async { MOVED.ensure_started().unwrap() });
    drop(first);
    let down = monitor.wait(PATIENCE).expect("it has died");
    assert_eq!(down.reason, SkipReason::ShuttingDown);

    let second = runtime();
    let _inside = second.enter();
    // An attempt that is being made on the old runtime may answer first.
    let started = MOVED.ensure_started().or_else(|_| MOVED.ensure_started());
    started.unwrap();
    assert_eq!(total(&second, &MOVED), 0);
    MOVED.revoke(PATIENCE);
}

#[test]
fn an_actor_outlives_the_runtime_that_watched_it() {
    static REMOTE: Clerks = Resource::new("remote");
    let (its, ours) = (runtime(), runtime());
    let (clerk, _) = its
        .block_on(Clerk::spawn(None, Clerk, Fate::default()))
        .unwrap();
    let _provided = {
        let _inside = ours.enter();
        provide(&REMOTE, clerk.clone()).unwrap()
    };
    let mut monitor = REMOTE.monitor();
    drop(ours);
    assert_eq!(REMOTE.readiness(), Readiness::Ready);
    assert_eq!(total(&its, &REMOTE), 0, "it lives");
    assert!(monitor.try_next().is_none());
    clerk.kill();
    assert_eq!(next(&mut monitor), WITH_RUNTIME);
}

//! How an opener spawns its actor, fails to, and spawns it again.

use std::{
    io,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use gambeson::{
    Resource, Restart, SkipReason, Status,
    ractor::{NotSpawned, OwnedActor, spawn},
};
use gambeson_tests::{PATIENCE, wait_until};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::runtime::{Builder, Runtime};

use crate::{
    Clerks,
    clerk::{Clerk, Fate, How, Work},
    next, runtime, total,
};

const AT_ONCE: Restart =
    Restart::new().backoff(Duration::from_millis(1), Duration::from_millis(10));

#[test]
fn a_panic_in_pre_start_is_told() {
    static ILL: Clerks = Resource::with_opener("ill", || {
        let fate = Fate {
            start: How::Panic,
            ..Fate::default()
        };
        spawn(&ILL, None, Clerk, fate)
    })
    .restart(Restart::never());
    let runtime = runtime();
    let _inside = runtime.enter();
    let error = ILL.ensure_started().unwrap_err();
    assert_eq!(error.reason(), SkipReason::Unavailable);
    let cause = "the actor did not start: the clerk is ill";
    assert_eq!(error.cause().text(), cause);
    assert_eq!(ILL.lease().unwrap_err().reason(), SkipReason::Unavailable);
    assert!(ILL.monitor().try_next().is_none(), "it has never lived");
    nothing_is_left_in(&runtime);
}

/// An actor whose start panics before there is a future of it, unless this says otherwise.
struct Rash(bool);

impl Actor for Rash {
    type Msg = ();
    type State = ();
    type Arguments = ();

    fn pre_start(
        &self,
        _: ActorRef<()>,
        (): (),
    ) -> impl Future<Output = Result<(), ActorProcessingErr>> + Send {
        assert!(self.0, "too early");
        std::future::ready(Ok(()))
    }
}

#[test]
fn a_panic_that_ractor_does_not_catch_is_told() {
    static RASH: Resource<OwnedActor<()>> =
        Resource::with_opener("rash", || spawn(&RASH, None, Rash(false), ()))
            .restart(Restart::never());
    let runtime = runtime();
    let _inside = runtime.enter();
    let error = RASH.ensure_started().unwrap_err();
    assert_eq!(error.cause().text(), "the opener panicked: too early");
    nothing_is_left_in(&runtime);
}

fn nothing_is_left_in(runtime: &Runtime) {
    wait_until("no task is left", PATIENCE, || {
        runtime.metrics().num_alive_tasks() == 0
    });
}

#[test]
fn an_error_of_pre_start_is_told_and_classified() {
    static CLOSED: Clerks = Resource::with_opener("closed", || {
        let fate = Fate {
            start: How::Fail,
            ..Fate::default()
        };
        spawn(&CLOSED, None, Clerk, fate)
    })
    .restart(Restart::never());
    let runtime = runtime();
    let _inside = runtime.enter();
    let error = CLOSED.ensure_started().unwrap_err();
    assert_eq!(error.reason(), SkipReason::StateUnavailable);
    let cause = "the actor did not start: the ledger is gone: entity not found";
    assert_eq!(error.cause().text(), cause);
}

#[test]
fn a_name_that_is_taken_is_told() {
    static SECOND: Clerks = Resource::with_opener("second", || {
        spawn(&SECOND, Some("taken".to_owned()), Clerk, Fate::default())
    })
    .restart(AT_ONCE);
    let runtime = runtime();
    let _inside = runtime.enter();
    let name = Some("taken".to_owned());
    let (first, _) = runtime
        .block_on(Clerk::spawn(name, Clerk, Fate::default()))
        .unwrap();
    let error = SECOND.ensure_started().unwrap_err();
    assert_eq!(error.reason(), SkipReason::Unavailable);
    let cause = "Actor 'taken' is already registered in the actor registry";
    assert_eq!(error.cause().text(), cause);
    first.stop(None);
    SECOND.wait_ready(PATIENCE).unwrap();
    SECOND.revoke(PATIENCE);
}

#[test]
fn outside_of_a_runtime() {
    static NOWHERE: Clerks =
        Resource::with_opener("nowhere", || spawn(&NOWHERE, None, Clerk, Fate::default()))
            .restart(Restart::never());
    let error = NOWHERE.ensure_started().unwrap_err();
    assert_eq!(error.reason(), SkipReason::ShuttingDown);
    let text = error.cause().text();
    let asked = "ask for the resource, or start the telemetry, inside a tokio runtime: ";
    assert!(text.starts_with(asked), "{text}");

    // Asked for inside one, it is there.
    let runtime = runtime();
    let _inside = runtime.enter();
    NOWHERE.ensure_started().unwrap();
    NOWHERE.revoke(PATIENCE);
}

#[test]
fn inside_a_runtime_that_has_ended() {
    static ENDED: Clerks =
        Resource::with_opener("ended", || spawn(&ENDED, None, Clerk, Fate::default()))
            .restart(Restart::never());
    let ended = runtime();
    let handle = ended.handle().clone();
    drop(ended);
    let _inside = handle.enter();
    let error = ENDED.ensure_started().unwrap_err();
    assert_eq!(error.reason(), SkipReason::ShuttingDown);
    let text = error.cause().text();
    let told = "the runtime to spawn the actor on has ended: ";
    assert!(text.starts_with(told), "{text}");
}

#[test]
fn outside_of_its_opener() {
    static ELSEWHERE: Clerks = Resource::new("elsewhere");
    let runtime = runtime();
    let _inside = runtime.enter();
    let error = spawn(&ELSEWHERE, None, Clerk, Fate::default()).unwrap_err();
    assert!(matches!(error, NotSpawned::OutsideOpener("elsewhere")));
    let told = "`spawn` is for the opener of resource `elsewhere`; elsewhere, spawn the actor with \
                ractor, and give it to `gambeson::ractor::provide`";
    assert_eq!(error.to_string(), told);
}

/// The one thread of the runtime waits for the opener meanwhile.
#[test]
fn on_the_only_thread_of_a_runtime() {
    static ALONE: Clerks =
        Resource::with_opener("alone", || spawn(&ALONE, None, Clerk, Fate::default()))
            .restart(Restart::never());
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        ALONE.ensure_started().unwrap();
        let clerk = ALONE.lease().unwrap().clone();
        clerk.cast(Work::Add(7)).unwrap();
        assert_eq!(ractor::call!(clerk, Work::Total).unwrap(), 7);
        clerk.kill();
        let down = ALONE.monitor().await;
        assert_eq!(down.reason, SkipReason::PeerDead);
    });
}

#[test]
fn a_clerk_that_comes_back_has_lost_its_state() {
    static HIRED: AtomicU32 = AtomicU32::new(0);
    static AGAIN: Clerks = Resource::with_opener("again", || {
        HIRED.fetch_add(1, Ordering::SeqCst);
        spawn(&AGAIN, Some("again".to_owned()), Clerk, Fate::default())
    })
    .restart(AT_ONCE);
    let runtime = runtime();
    let _inside = runtime.enter();
    AGAIN.ensure_started().unwrap();
    let mut monitor = AGAIN.monitor();
    for life in 1..=3 {
        AGAIN.wait_ready(PATIENCE).unwrap();
        let clerk = AGAIN.lease().unwrap();
        clerk.cast(Work::Add(life)).unwrap();
        assert_eq!(total(&runtime, &AGAIN), life);
        clerk.kill();
        assert_eq!(next(&mut monitor), "peer_dead: actor `again` was killed");
    }
    AGAIN.wait_ready(PATIENCE).unwrap();
    assert_eq!(total(&runtime, &AGAIN), 0);
    assert_eq!(HIRED.load(Ordering::SeqCst), 4);
    assert_eq!(AGAIN.health().status, Status::Degraded);
    AGAIN.revoke(PATIENCE);
    assert_eq!(next(&mut monitor), "shutting_down: revoked");
}

#[test]
fn a_clerk_that_dies_again_and_again_is_given_up() {
    static DOOMED: Clerks =
        Resource::with_opener("doomed", || spawn(&DOOMED, None, Clerk, Fate::default()))
            .restart(AT_ONCE.at_most(2, Duration::from_secs(3600)));
    let runtime = runtime();
    let _inside = runtime.enter();
    DOOMED.ensure_started().unwrap();
    let mut monitor = DOOMED.monitor();
    for _ in 0..3 {
        DOOMED.wait_ready(PATIENCE).unwrap();
        DOOMED.lease().unwrap().cast(Work::Panic).unwrap();
        let told = "peer_dead: the actor failed: too many letters";
        assert_eq!(next(&mut monitor), told);
    }
    let refused = DOOMED.lease().unwrap_err();
    assert_eq!(refused.reason(), SkipReason::PeerDead);
    let cause = refused.cause().unwrap().text();
    assert!(
        cause.starts_with("gave up after 2 restarts within 3600s, until it is started by hand: "),
        "{cause}"
    );
}

/// An actor whose start ends when its test says so.
struct Slow;

static BEGUN: AtomicU32 = AtomicU32::new(0);

impl Actor for Slow {
    type Msg = ();
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<()>, (): ()) -> Result<(), ActorProcessingErr> {
        BEGUN.fetch_add(1, Ordering::SeqCst);
        GO.notified().await;
        Ok(())
    }
}

static GO: tokio::sync::Notify = tokio::sync::Notify::const_new();

/// Revoked while its actor starts, a resource does not take it.
#[test]
fn an_actor_that_is_not_wanted_any_more_is_drained() {
    static SLOW: Resource<OwnedActor<()>> = Resource::with_opener("slow", || {
        let slow = spawn(&SLOW, None, Slow, ());
        SLOW_CELL.set(slow.as_ref().unwrap().get_cell()).unwrap();
        slow.map_err(io::Error::other)
    });
    static SLOW_CELL: std::sync::OnceLock<ractor::ActorCell> = std::sync::OnceLock::new();
    let runtime = runtime();
    let _inside = runtime.enter();
    let error = SLOW.ensure_started_within(Duration::ZERO).unwrap_err();
    assert_eq!(error.reason(), SkipReason::TimedOut);
    wait_until("it starts", PATIENCE, || BEGUN.load(Ordering::SeqCst) == 1);
    SLOW.revoke(PATIENCE);
    GO.notify_one();
    wait_until("it is spawned", PATIENCE, || SLOW_CELL.get().is_some());
    let slow = SLOW_CELL.get().unwrap();
    runtime.block_on(slow.wait(Some(PATIENCE))).unwrap();
    assert!(!SLOW.is_available());
}

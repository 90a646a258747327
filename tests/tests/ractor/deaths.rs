//! Each way in which an actor ends is told once, with its reason and cause.

use std::thread;

use gambeson::{
    Readiness, Resource, Restart,
    ractor::{OwnedActor, provide, spawn},
};
use gambeson_tests::{PATIENCE, wait_until};
use ractor::{Actor, ActorProcessingErr, ActorRef, ActorStatus, SupervisionEvent};
use tokio::sync::{mpsc, oneshot};

use crate::{
    Clerks,
    clerk::{Clerk, Fate, How, Work},
    next, runtime,
};

/// How a clerk is ended, and what is told of it where the opener spawned it.
type Case = (fn(&ActorRef<Work>), &'static str);

const CASES: &[Case] = &[
    (|clerk| clerk.kill(), "peer_dead: the actor was killed"),
    (
        |clerk| clerk.cast(Work::Panic).unwrap(),
        "peer_dead: the actor failed: too many letters",
    ),
    (
        |clerk| clerk.cast(Work::Fail).unwrap(),
        "peer_dead: the actor failed: the ledger is gone: entity not found",
    ),
    (|clerk| clerk.stop(None), "shutting_down: the actor stopped"),
    (
        |clerk| clerk.stop(Some("closing time".to_owned())),
        "shutting_down: the actor stopped: closing time",
    ),
    (
        |clerk| clerk.drain().unwrap(),
        "shutting_down: the actor stopped: Drained",
    ),
];

#[test]
fn of_an_actor_that_the_opener_spawned() {
    static SPAWNED: Clerks =
        Resource::with_opener("spawned", || spawn(&SPAWNED, None, Clerk, Fate::default()))
            .restart(Restart::never());
    let runtime = runtime();
    let _inside = runtime.enter();
    let mut monitor = SPAWNED.monitor();
    for (end, told) in CASES {
        SPAWNED.ensure_started().unwrap();
        end(&SPAWNED.lease().unwrap());
        assert_eq!(next(&mut monitor), *told);
        assert_eq!(SPAWNED.readiness(), Readiness::Failed);
    }
    assert!(monitor.try_next().is_none(), "once for each death");
}

/// However busy its runtime is, what an actor said last is heard before its end is told.
#[test]
fn of_many_actors_at_once() {
    const ROUNDS: u32 = 400;
    static MANY: [Clerks; 4] = [
        Resource::with_opener("first", || spawn(&MANY[0], None, Clerk, Fate::default())),
        Resource::with_opener("second", || spawn(&MANY[1], None, Clerk, Fate::default())),
        Resource::with_opener("third", || spawn(&MANY[2], None, Clerk, Fate::default())),
        Resource::with_opener("fourth", || spawn(&MANY[3], None, Clerk, Fate::default())),
    ];
    let runtime = runtime();
    thread::scope(|scope| {
        for clerks in &MANY {
            let runtime = runtime.handle();
            scope.spawn(move || {
                let _inside = runtime.enter();
                let mut monitor = clerks.monitor();
                for _ in 0..ROUNDS {
                    clerks.ensure_started_within(PATIENCE).unwrap();
                    clerks.lease().unwrap().cast(Work::Fail).unwrap();
                    let told = "peer_dead: the actor failed: the ledger is gone: entity not found";
                    assert_eq!(next(&mut monitor), told);
                }
                clerks.revoke(PATIENCE);
            });
        }
    });
}

#[test]
fn of_an_actor_that_was_provided() {
    static PROVIDED: Clerks = Resource::new("provided");
    let runtime = runtime();
    let _inside = runtime.enter();
    let mut monitor = PROVIDED.monitor();
    for (end, told) in CASES {
        let (clerk, _) = runtime
            .block_on(Clerk::spawn(None, Clerk, Fate::default()))
            .unwrap();
        let _provided = provide(&PROVIDED, clerk).unwrap();
        end(&PROVIDED.lease().unwrap());
        // Monitors of ractor are told of an error, not of its sources.
        let told = told.strip_suffix(": entity not found").unwrap_or(told);
        assert_eq!(next(&mut monitor), told);
    }
    assert!(monitor.try_next().is_none(), "once for each death");
}

#[test]
fn in_post_start() {
    static STARTED: Clerks = Resource::with_opener("started", || {
        let fate = Fate {
            started: How::Panic,
            ..Fate::default()
        };
        spawn(&STARTED, None, Clerk, fate)
    })
    .restart(Restart::never());
    let runtime = runtime();
    let _inside = runtime.enter();
    let mut monitor = STARTED.monitor();
    // It may die before it is leased for the first time, or after.
    let _ = STARTED.ensure_started();
    let told = "peer_dead: the actor failed: the desk is on fire";
    assert_eq!(next(&mut monitor), told);
    assert!(monitor.try_next().is_none());
}

#[test]
fn in_post_stop() {
    static STOPPED: Clerks = Resource::with_opener("stopped", || {
        let fate = Fate {
            stop: How::Panic,
            ..Fate::default()
        };
        spawn(&STOPPED, Some("the porter".to_owned()), Clerk, fate)
    })
    .restart(Restart::never());
    let runtime = runtime();
    let _inside = runtime.enter();
    STOPPED.ensure_started().unwrap();
    let mut monitor = STOPPED.monitor();
    STOPPED.lease().unwrap().stop(None);
    let told = "peer_dead: actor `the porter` failed: the door is stuck";
    assert_eq!(next(&mut monitor), told);
}

/// A kill reaches an actor in the middle of a message.
#[test]
fn amid_a_message() {
    static BUSY: Clerks =
        Resource::with_opener("busy", || spawn(&BUSY, None, Clerk, Fate::default()))
            .restart(Restart::never());
    let runtime = runtime();
    let _inside = runtime.enter();
    BUSY.ensure_started().unwrap();
    let mut monitor = BUSY.monitor();
    let (release, released) = oneshot::channel();
    let clerk = BUSY.lease().unwrap();
    clerk.cast(Work::Wait(released)).unwrap();
    clerk.kill();
    assert_eq!(next(&mut monitor), "peer_dead: the actor was killed");
    runtime.block_on(clerk.wait(None)).unwrap();
    assert!(release.send(()).is_err(), "nobody waits for it any more");
}

#[test]
fn by_an_abort_of_its_task() {
    static ABORTED: Clerks = Resource::new("aborted");
    let runtime = runtime();
    let _inside = runtime.enter();
    let spawned = runtime.block_on(Clerk::spawn(None, Clerk, Fate::default()));
    let (clerk, task) = spawned.unwrap();
    let _provided = provide(&ABORTED, clerk).unwrap();
    task.abort();
    let told = "shutting_down: the task of the actor was cancelled";
    assert_eq!(next(&mut ABORTED.monitor()), told);
}

#[test]
fn before_it_was_watched() {
    static LATE: Clerks = Resource::new("late");
    let runtime = runtime();
    let _inside = runtime.enter();
    let clerk = runtime.block_on(async {
        let (clerk, task) = Clerk::spawn(None, Clerk, Fate::default()).await.unwrap();
        clerk.stop(None);
        task.await.unwrap();
        clerk
    });
    let _provided = provide(&LATE, clerk).unwrap();
    let mut monitor = LATE.monitor();
    assert_eq!(next(&mut monitor), "peer_dead: the actor has ended");
    assert!(monitor.try_next().is_none());
}

#[test]
fn watched_from_outside_of_a_runtime() {
    static OUTSIDE: Clerks = Resource::new("outside");
    let runtime = runtime();
    let (clerk, _) = runtime
        .block_on(Clerk::spawn(None, Clerk, Fate::default()))
        .unwrap();
    let _provided = provide(&OUTSIDE, clerk).unwrap();
    let mut monitor = OUTSIDE.monitor();
    OUTSIDE.lease().unwrap().kill();
    assert_eq!(next(&mut monitor), "peer_dead: the actor has ended");
}

/// Tells what it is told of its children.
struct Head;

impl Actor for Head {
    type Msg = ();
    type State = mpsc::UnboundedSender<String>;
    type Arguments = mpsc::UnboundedSender<String>;

    async fn pre_start(
        &self,
        _: ActorRef<()>,
        told: mpsc::UnboundedSender<String>,
    ) -> Result<mpsc::UnboundedSender<String>, ActorProcessingErr> {
        Ok(told)
    }

    async fn handle_supervisor_evt(
        &self,
        _: ActorRef<()>,
        event: SupervisionEvent,
        told: &mut mpsc::UnboundedSender<String>,
    ) -> Result<(), ActorProcessingErr> {
        if let SupervisionEvent::ActorTerminated(_, _, reason) = event {
            told.send(reason.unwrap_or_default())?;
        }
        Ok(())
    }
}

/// The program's own supervisor is told as well, whether it was there first or came later.
#[test]
fn of_an_actor_that_has_another_supervisor() {
    static SUPERVISED: Clerks = Resource::new("supervised");
    static RELINKED: Clerks = Resource::with_opener("relinked", || {
        spawn(&RELINKED, None, Clerk, Fate::default())
    })
    .restart(Restart::never());
    let runtime = runtime();
    let _inside = runtime.enter();
    let (sender, mut told) = mpsc::unbounded_channel();
    let head = runtime.block_on(async {
        let (head, _) = Head::spawn(None, Head, sender).await.unwrap();
        head
    });

    let linked = Clerk::spawn_linked(None, Clerk, Fate::default(), head.get_cell());
    let (clerk, _) = runtime.block_on(linked).unwrap();
    let _provided = provide(&SUPERVISED, clerk).unwrap();
    SUPERVISED.lease().unwrap().kill();
    let killed = "peer_dead: the actor was killed";
    assert_eq!(next(&mut SUPERVISED.monitor()), killed);
    assert_eq!(runtime.block_on(told.recv()).unwrap(), "killed");

    RELINKED.ensure_started().unwrap();
    let clerk = RELINKED.lease().unwrap();
    clerk.link(head.get_cell());
    clerk.kill();
    assert_eq!(next(&mut RELINKED.monitor()), killed);
    assert_eq!(runtime.block_on(told.recv()).unwrap(), "killed");
    assert_eq!(head.get_status(), ActorStatus::Running);
}

/// A resource of an actor that another part of the program owns.
#[test]
fn of_an_actor_that_is_not_owned() {
    static GUEST: Resource<ActorRef<Work>> = Resource::new("guest");
    let runtime = runtime();
    let _inside = runtime.enter();
    let (clerk, _) = runtime
        .block_on(Clerk::spawn(None, Clerk, Fate::default()))
        .unwrap();
    drop(GUEST.provide(clerk.clone()));
    let total = runtime.block_on(async { ractor::call!(clerk, Work::Total).unwrap() });
    assert_eq!(total, 0, "it is not drained");

    let _provided = GUEST.provide(clerk.clone());
    GUEST.watch(clerk.clone()).unwrap();
    clerk.kill();
    let mut monitor = GUEST.monitor();
    assert_eq!(next(&mut monitor), "peer_dead: the actor was killed");

    // An actor that is replaced dies for nobody.
    let (first, _) = runtime
        .block_on(Clerk::spawn(None, Clerk, Fate::default()))
        .unwrap();
    let _first = GUEST.provide(first.clone());
    GUEST.watch(first.clone()).unwrap();
    let _second = GUEST.provide(clerk);
    first.kill();
    runtime.block_on(first.wait(None)).unwrap();
    wait_until("its supervisor has ended", PATIENCE, || {
        runtime.metrics().num_alive_tasks() == 0
    });
    assert_eq!(GUEST.readiness(), Readiness::Ready);
    assert!(monitor.try_next().is_none());
}

#[test]
fn an_owned_actor_is_shown_as_what_it_is() {
    let runtime = runtime();
    let named = Some("a clerk to be shown".to_owned());
    let (clerk, _) = runtime
        .block_on(Clerk::spawn(named, Clerk, Fate::default()))
        .unwrap();
    let owned = OwnedActor::from(clerk);
    assert!(
        format!("{owned:?}").contains("a clerk to be shown"),
        "{owned:?}"
    );
}

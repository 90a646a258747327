//! Who ends an actor: whoever owns it, and not before its messages are handled.

use std::{
    sync::{Mutex, atomic::Ordering},
    time::Duration,
};

use gambeson::{
    Readiness, Resource, Restart, SkipReason,
    ractor::{OwnedActor, provide, spawn},
};
use gambeson_tests::{PATIENCE, wait_until};
use ractor::{Actor, ActorRef, ActorStatus, MessagingErr};
use tokio::{runtime::Runtime, sync::oneshot};

use crate::{
    Clerks,
    clerk::{Clerk, Fate, Work},
    next, runtime,
};

/// A clerk of the program's own, and what becomes of it.
fn hired(runtime: &Runtime) -> (ActorRef<Work>, Fate) {
    let fate = Fate::default();
    let spawned = runtime.block_on(Clerk::spawn(None, Clerk, fate.clone()));
    (spawned.unwrap().0, fate)
}

/// Keeps a clerk busy, and gives it a hundred things to do. Returns what lets it go on.
fn burden(clerk: &ActorRef<Work>) -> oneshot::Sender<()> {
    let (release, released) = oneshot::channel();
    clerk.cast(Work::Wait(released)).unwrap();
    for _ in 0..100 {
        clerk.cast(Work::Add(1)).unwrap();
    }
    release
}

fn assert_ends(runtime: &Runtime, clerk: &ActorRef<Work>, fate: &Fate, added: u32) {
    runtime
        .block_on(clerk.wait(Some(PATIENCE)))
        .expect("it ends");
    assert_eq!(fate.added.load(Ordering::SeqCst), added);
    assert_eq!(fate.stopped.load(Ordering::SeqCst), 1, "it ended in order");
}

#[test]
fn a_revoked_clerk_finishes_its_work() {
    static REVOKED: Clerks = Resource::with_opener("revoked", || {
        spawn(&REVOKED, None, Clerk, FATE.lock().unwrap().clone().unwrap())
    });
    static FATE: Mutex<Option<Fate>> = Mutex::new(None);
    let fate = Fate::default();
    *FATE.lock().unwrap() = Some(fate.clone());

    let runtime = runtime();
    let _inside = runtime.enter();
    REVOKED.ensure_started().unwrap();
    let mut monitor = REVOKED.monitor();
    let clerk = REVOKED.lease().unwrap().clone();
    let release = burden(&clerk);
    // It does not wait for the actor, which is busy.
    assert_eq!(REVOKED.revoke(PATIENCE).outstanding, 0);
    wait_until("it is drained", PATIENCE, || {
        clerk.get_status() == ActorStatus::Draining
    });
    let refused = clerk.cast(Work::Add(1));
    assert!(
        matches!(refused, Err(MessagingErr::SendErr(_))),
        "it takes no more"
    );
    release.send(()).unwrap();
    assert_ends(&runtime, &clerk, &fate, 100);
    assert_eq!(next(&mut monitor), "shutting_down: revoked");
    assert!(
        monitor.try_next().is_none(),
        "its end is no death of the resource"
    );
    assert_eq!(REVOKED.readiness(), Readiness::Revoked);
}

#[test]
fn a_leased_clerk_takes_messages_until_the_lease_ends() {
    static LEASED: Clerks = Resource::new("leased");
    let runtime = runtime();
    let _inside = runtime.enter();
    let (clerk, fate) = hired(&runtime);
    let provided = provide(&LEASED, clerk.clone()).unwrap();
    let lease = LEASED.lease().unwrap();
    assert_eq!(provided.revoke(Duration::ZERO).outstanding, 1);
    assert_eq!(
        LEASED.lease().unwrap_err().reason(),
        SkipReason::ShuttingDown
    );
    lease.cast(Work::Add(7)).unwrap();
    drop(lease);
    assert_ends(&runtime, &clerk, &fate, 7);
}

#[test]
fn a_clerk_ends_with_whatever_was_provided() {
    static KEPT: Clerks = Resource::new("kept");
    let runtime = runtime();
    let _inside = runtime.enter();
    let mut monitor = KEPT.monitor();

    let (clerk, fate) = hired(&runtime);
    let provided = provide(&KEPT, clerk.clone()).unwrap();
    let release = burden(&clerk);
    drop(provided);
    release.send(()).unwrap();
    assert_ends(&runtime, &clerk, &fate, 100);
    assert_eq!(next(&mut monitor), "shutting_down: revoked");

    let (replaced, fate) = hired(&runtime);
    let first = provide(&KEPT, replaced.clone()).unwrap();
    let (clerk, _) = hired(&runtime);
    let _second = provide(&KEPT, clerk.clone()).unwrap();
    drop(first);
    assert_ends(&runtime, &replaced, &fate, 0);
    assert_eq!(KEPT.lease().unwrap().get_id(), clerk.get_id());
    assert!(monitor.try_next().is_none(), "to be replaced is no death");
}

#[test]
fn a_clerk_whose_resource_is_crashed_by_hand_is_drained_and_replaced() {
    static CRASHED: Clerks =
        Resource::with_opener("crashed", || spawn(&CRASHED, None, Clerk, Fate::default()))
            .restart(Restart::new().backoff(Duration::ZERO, Duration::ZERO));
    let runtime = runtime();
    let _inside = runtime.enter();
    CRASHED.ensure_started().unwrap();
    let mut monitor = CRASHED.monitor();
    let first = CRASHED.lease().unwrap().clone();
    assert!(CRASHED.crash("it is slow today"));
    runtime
        .block_on(first.wait(Some(PATIENCE)))
        .expect("it is drained");
    CRASHED.wait_ready(PATIENCE).unwrap();
    assert_ne!(CRASHED.lease().unwrap().get_id(), first.get_id());
    CRASHED.revoke(PATIENCE);
    assert_eq!(next(&mut monitor), "unavailable: it is slow today");
    assert_eq!(next(&mut monitor), "shutting_down: revoked");
    assert!(monitor.try_next().is_none());
}

#[test]
fn whoever_owns_an_actor_ends_it() {
    let runtime = runtime();
    let (clerk, fate) = hired(&runtime);
    let owned = OwnedActor::from(clerk.clone());
    owned.cast(Work::Add(2)).unwrap();
    drop(owned);
    assert_ends(&runtime, &clerk, &fate, 2);
    drop(OwnedActor::from(clerk));
}

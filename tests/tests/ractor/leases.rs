//! Handlers that lease an actor, and talk to it.

use gambeson::{
    Event, Resource, Restart, SkipReason, Telemetry, defensive_handler, emit, handler,
    ractor::{OwnedActor, spawn},
};
use gambeson_tests::{PATIENCE, refused, tally, wait_until};
use ractor::{ActorRef, MessagingErr, RactorErr, call};

use crate::{
    Clerks,
    clerk::{Clerk, Fate, Work},
    next, runtime, total,
};

static TILL: Clerks = Resource::with_opener("till", || spawn(&TILL, None, Clerk, Fate::default()))
    .restart(Restart::never());

#[defensive_handler(on = "till.sale")]
fn add(
    _event: &Event<'_>,
    #[needs(TILL)] till: &OwnedActor<Work>,
) -> Result<(), MessagingErr<Work>> {
    till.cast(Work::Add(1))
}

#[defensive_handler(on = "till.sale", after(add))]
async fn ask(
    _event: &Event<'_>,
    #[needs(TILL)] till: &ActorRef<Work>,
) -> Result<(), RactorErr<Work>> {
    let total = call!(till, Work::Total)?;
    assert!(total >= 1, "what was sold before is there");
    Ok(())
}

#[test]
fn handlers_are_skipped_while_it_is_dead() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let telemetry = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .handler(handler!(add))
        .handler(handler!(ask))
        .start()
        .unwrap();
    let mut monitor = TILL.monitor();
    let sell = |times: u32| {
        for _ in 0..times {
            telemetry.enter(|| emit!("till.sale"));
        }
        wait_until("what is queued is done", PATIENCE, || {
            let report = telemetry.report();
            let asked = report.handler("ask").unwrap();
            asked.matched == asked.handled + asked.skips.values().sum::<u64>()
        });
    };
    sell(3);
    assert_eq!(total(&runtime, &TILL), 3);
    TILL.lease().unwrap().kill();
    assert_eq!(next(&mut monitor), "peer_dead: the actor was killed");
    sell(2);
    TILL.ensure_started().unwrap();
    sell(1);
    assert_eq!(total(&runtime, &TILL), 1);
    TILL.lease().unwrap().stop(None);
    assert_eq!(next(&mut monitor), "shutting_down: the actor stopped");
    sell(4);
    let report = telemetry.shutdown();
    for handler in ["add", "ask"] {
        let told = "10 = 4 handled + 2 peer_dead + 4 shutting_down";
        assert_eq!(tally(&report, handler), told);
    }
    assert!(monitor.try_next().is_none());
}

/// A lease keeps the reference, not the actor.
#[test]
fn an_actor_that_dies_under_a_lease_refuses() {
    static FRAIL: Clerks =
        Resource::with_opener("frail", || spawn(&FRAIL, None, Clerk, Fate::default()))
            .restart(Restart::never());

    let runtime = runtime();
    let _inside = runtime.enter();
    FRAIL.ensure_started().unwrap();
    let skip = refused(&Telemetry::isolated(), |_| {
        let frail = FRAIL.lease().unwrap();
        frail.kill();
        next(&mut FRAIL.monitor());
        frail.cast(Work::Add(1))
    });
    assert_eq!(skip.reason(), SkipReason::PeerDead);
}

//! The answers to probes: startup, readiness, liveness, each with its causes.

use std::{convert::Infallible, time::Duration};

use gambeson::{Handler, Resource, Restart, SkipReason, Status, Telemetry, emit};

use crate::{boom, started};

fn builder() -> gambeson::Builder {
    Telemetry::builder().isolated().filter(|_| false)
}

#[test]
fn all_is_well_until_something_is_not() {
    static STORE: Resource<u32> = Resource::new("store").well_after(Duration::ZERO);
    let store = STORE.provide(1);
    let sale = Handler::new("sale", "shop.sale", |_| ()).needs(&STORE);
    let telemetry = builder().handler(sale).start().unwrap();
    let health = telemetry.health();
    assert_eq!(health.status, Status::Well);
    assert!(health.started.ok && health.ready.ok && health.live.ok);
    assert!(health.handlers.is_empty());

    STORE.crash("the disk is gone");
    let health = telemetry.health();
    assert_eq!(
        health.status,
        Status::Degraded,
        "not required, and so only degraded"
    );
    assert!(health.ready.ok);
    assert_eq!(
        health.to_string(),
        "telemetry is degraded\n\
         resource store is down: the disk is gone\n\
         handler sale is down: needs `store`, which is failed\n"
    );
    drop(store);
    let _store = STORE.provide(2);
    assert_eq!(
        telemetry.health().status,
        Status::Well,
        "well after no time at all"
    );
}

#[test]
fn what_is_required_decides_who_is_ready() {
    static REQUIRED: Resource<u32> = Resource::new("required");
    static OTHER: Resource<u32> = Resource::new("other");
    let _required = REQUIRED.provide(1);
    let telemetry = builder()
        .require(&REQUIRED)
        .resource(&OTHER)
        .start()
        .unwrap();
    let health = telemetry.health();
    assert_eq!((health.ready.ok, health.status), (true, Status::Degraded));
    let told: Vec<_> = health.resources.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "resource other is down: nobody has provided it",
            "resource required is well"
        ]
    );

    REQUIRED.crash(SkipReason::PeerDead);
    let health = telemetry.health();
    assert_eq!((health.live.ok, health.status), (true, Status::Down));
    assert_eq!(
        health.ready.causes,
        ["resource required is down: peer_dead"]
    );
}

#[test]
fn a_recovery_is_believed_after_a_time() {
    static ILL: Resource<u32> = Resource::new("ill").well_after(Duration::from_secs(3600));
    let _first = ILL.provide(1);
    let telemetry = builder().require(&ILL).start().unwrap();
    ILL.crash("it caught a cold");
    let since = ILL.health().since;
    assert!(since.is_some());
    let _second = ILL.provide(2);
    ILL.crash("it caught another");
    let _third = ILL.provide(3);
    let health = telemetry.health();
    assert_eq!((health.ready.ok, health.status), (true, Status::Degraded));
    let [ill] = &health.resources[..] else {
        panic!("{health}")
    };
    assert_eq!(ill.cause.as_deref(), Some("it caught another"));
    assert_eq!(ill.since, since, "it never was well in between");
}

#[test]
fn handlers_that_handle_nothing_are_named() {
    let telemetry = started([
        Handler::new("bomb", "case.run", boom),
        Handler::new("idle", "case.run", |_| ()),
        Handler::new("paused", "case.run", |_| ()),
    ]);
    telemetry.pause("paused").unwrap();
    telemetry.enter(|| (0..5).for_each(|_| emit!("case.run")));
    let health = telemetry.health();
    let told: Vec<_> = health
        .handlers
        .iter()
        .map(|each| (&*each.handler, each.status, &*each.cause))
        .collect();
    assert_eq!(
        told,
        [
            (
                "bomb",
                Status::Down,
                "quarantined: it failed too often in a row"
            ),
            ("paused", Status::Degraded, "paused"),
        ]
    );
    assert_eq!(health.status, Status::Degraded);
    telemetry.reset("bomb").unwrap();
    telemetry.resume("paused").unwrap();
    assert_eq!(telemetry.health().status, Status::Well);
}

/// A restart of the process may help where nothing else is tried any more.
#[test]
fn without_a_required_resource_that_was_given_up_it_is_not_live() {
    static DYING: Resource<u32> = Resource::with_opener("dying", || Ok::<_, Infallible>(1))
        .restart(Restart::new().at_most(0, Duration::from_secs(3600)));
    let telemetry = builder().require(&DYING).start().unwrap();
    assert!(telemetry.health().live.ok);
    DYING.crash("again");
    let health = telemetry.health();
    let cause = "resource dying is down: gave up after 0 restarts within 3600s, until it is started by hand: again";
    assert_eq!(health.live.causes, [cause]);
    assert!(health.resources[0].is_given_up);
    DYING.ensure_started().unwrap();
    assert!(telemetry.health().live.ok, "somebody looked after it");
}

#[test]
fn a_telemetry_that_is_stopped_is_live_and_not_ready() {
    let telemetry = started([]);
    telemetry.shutdown();
    let health = telemetry.health();
    assert!(health.started.ok && health.live.ok && !health.ready.ok);
    assert_eq!(health.ready.causes, ["telemetry is stopped"]);
    assert_eq!(health.status, Status::Down);
}

#[test]
fn programs_read_it_as_json() {
    let telemetry = started([]);
    let json = serde_json::to_value(telemetry.health()).unwrap();
    assert_eq!(json["ready"], serde_json::json!({"ok": true, "causes": []}));
    assert_eq!(json["status"], "well");
}

//! Resources that need others: they fall with them, come back with them, and leave before them.

use std::{sync::mpsc, thread, time::Duration};

use gambeson::{Need, Readiness, Resource, Restart, SkipReason};
use gambeson_tests::{PATIENCE, wait_until};

use super::{
    Opened,
    signal::{Census, Counted, Signal},
};

#[test]
fn a_chain_is_opened_needs_first_and_falls_whole() {
    static OPENED: std::sync::Mutex<Vec<&str>> = std::sync::Mutex::new(Vec::new());
    fn opened(name: &'static str) -> usize {
        let mut all = OPENED.lock().unwrap();
        all.push(name);
        all.len()
    }
    static DISK: Resource<u32> = Resource::new("disk");
    static STORE: Resource<usize> =
        Resource::with_opener("store", || Opened::Ok(opened("store"))).needs(&[&DISK]);
    static TABLE: Resource<usize> =
        Resource::with_opener("table", || Opened::Ok(opened("table"))).needs(&[&STORE]);
    let disk = DISK.provide(0);
    TABLE.ensure_started_within(PATIENCE).unwrap();
    assert_eq!(*OPENED.lock().unwrap(), ["store", "table"]);
    let mut monitors = [DISK.monitor(), STORE.monitor(), TABLE.monitor()];
    drop(disk);
    let downs = monitors
        .each_mut()
        .map(|monitor| monitor.wait(PATIENCE).unwrap());
    assert_eq!(
        downs
            .each_ref()
            .map(|down| (down.reason, down.cause.as_str())),
        [
            (SkipReason::ShuttingDown, "revoked"),
            (SkipReason::ShuttingDown, "needs `disk`, which was revoked"),
            (SkipReason::ShuttingDown, "needs `disk`, which was revoked"),
        ]
    );
    let disk = DISK.provide(0);
    TABLE.wait_ready(PATIENCE).unwrap();
    assert_eq!(*OPENED.lock().unwrap(), ["store", "table"].repeat(2));
    DISK.crash(gambeson::DownCause::new(SkipReason::PeerDead, "bad sector"));
    let downs = monitors
        .each_mut()
        .map(|monitor| monitor.wait(PATIENCE).unwrap());
    assert!(downs.iter().all(|down| down.reason == SkipReason::PeerDead));
    assert_eq!(
        downs[2].cause,
        "needs `store`, which went down: needs `disk`, which went down: bad sector"
    );
    assert!(
        monitors
            .iter_mut()
            .all(|monitor| monitor.try_next().is_none())
    );
    TABLE.revoke(PATIENCE);
    STORE.revoke(PATIENCE);
    drop(disk);
}

/// A lease at the far end of a chain holds up the whole revocation, and nothing that was taken
/// down is opened again meanwhile.
#[test]
fn a_revocation_takes_the_farthest_first_and_waits_for_it() {
    static VALUES: Census = Census::new();
    static GROUND: Resource<Counted> = Resource::new("ground");
    static HOUSE: Resource<Counted> =
        Resource::with_opener("house", || Opened::Ok(VALUES.bear())).needs(&[&GROUND]);
    static ROOF: Resource<Counted> =
        Resource::with_opener("roof", || Opened::Ok(VALUES.bear())).needs(&[&HOUSE]);
    let _ground = GROUND.provide(VALUES.bear());
    ROOF.ensure_started_within(PATIENCE).unwrap();
    let lease = ROOF.lease().unwrap();
    thread::scope(|scope| {
        let revoke = scope.spawn(|| GROUND.revoke(PATIENCE));
        wait_until("the roof is down", PATIENCE, || !ROOF.is_available());
        // Ten times as long as the roof would take to be back.
        let up = ROOF.wait_ready(Duration::from_millis(100));
        assert_eq!(up.unwrap_err().reason(), SkipReason::TimedOut);
        assert!(HOUSE.is_available(), "what the lease may need is there");
        assert!(GROUND.is_available());
        assert!(!revoke.is_finished());
        let error = ROOF.ensure_started_within(PATIENCE).unwrap_err();
        assert_eq!(
            (error.reason(), error.cause().text()),
            (SkipReason::ShuttingDown, "needs `house`, which was revoked")
        );
        drop(lease);
        assert_eq!(revoke.join().unwrap().outstanding, 0);
    });
    VALUES.wait((3, 3));
    assert_eq!(
        [&ROOF, &HOUSE, &GROUND].map(Resource::readiness),
        [Readiness::Failed, Readiness::Failed, Readiness::Revoked]
    );
    ROOF.revoke(PATIENCE);
    HOUSE.revoke(PATIENCE);
}

#[test]
fn stragglers_of_dependents_are_named_with_their_resource() {
    static SHOP: Resource<u32> = Resource::new("shop");
    static COUNTER: Resource<u32> = Resource::new("counter").needs(&[&SHOP]);
    let _shop = SHOP.provide(1);
    let _counter = COUNTER.provide(1);
    // A lease of a value that has gone already counts as well.
    let old = COUNTER.lease().unwrap();
    COUNTER.crash("closed for lunch");
    let line = line!() - 2;
    let report = SHOP.revoke(Duration::from_millis(2));
    assert_eq!((report.resource, report.outstanding), ("shop", 1));
    let holder = report.holders[0].clone();
    assert!(holder.starts_with("counter: "), "{holder}");
    assert!(holder.ends_with(&format!("needing.rs:{line})")), "{holder}");
    drop(old);
}

#[test]
fn a_need_that_is_missing_is_told_and_what_comes_is_waited_for() {
    static KEY: Resource<u32> = Resource::new("key");
    static DOOR: Resource<u32> = Resource::with_opener("door", || Opened::Ok(1)).needs(&[&KEY]);
    let error = DOOR.ensure_started_within(PATIENCE).unwrap_err();
    assert_eq!(error.resource(), "key");
    assert_eq!(
        error.cause().text(),
        "it has no opener, and nobody has provided it"
    );
    wait_until("the door is failed", PATIENCE, || {
        DOOR.readiness() == Readiness::Failed
    });
    let cause = DOOR.lease().unwrap_err().cause().unwrap().clone();
    assert_eq!(cause.text(), "needs `key`, which is not ready");
    let _key = KEY.provide(1);
    DOOR.wait_ready(PATIENCE).unwrap();
    DOOR.revoke(PATIENCE);
}

/// A value that was opened on what is gone by then never serves.
#[test]
fn a_need_that_dies_while_its_dependent_is_opened_takes_it_along() {
    static CALLED: Signal = Signal::new();
    static GO: Signal = Signal::new();
    static SOIL: Resource<u32> = Resource::new("soil");
    static TREE: Resource<u32> = Resource::with_opener("tree", || {
        CALLED.raise();
        GO.wait(1);
        Opened::Ok(1)
    })
    .needs(&[&SOIL])
    .restart(Restart::never());
    let soil = SOIL.provide(1);
    let mut monitor = TREE.monitor();
    thread::scope(|scope| {
        let starts = scope.spawn(|| TREE.ensure_started_within(PATIENCE));
        CALLED.wait(1);
        SOIL.crash("washed away");
        GO.raise();
        let error = starts.join().unwrap().unwrap_err();
        assert!(error.cause().text().ends_with("washed away"), "{error}");
    });
    let cause = TREE.lease().unwrap_err().cause().cloned();
    assert_eq!(
        cause.unwrap().text(),
        "needs `soil`, which went down: washed away"
    );
    assert_eq!(TREE.readiness(), Readiness::Failed);
    assert_eq!(monitor.try_next(), None);
    drop(soil);
}

/// Its own ceiling is for its own deaths.
#[test]
fn the_deaths_of_a_need_do_not_use_up_the_restarts_of_what_needs_it() {
    static LINE: Resource<u32> = Resource::new("line");
    static CALL: Resource<u32> = Resource::with_opener("call", || Opened::Ok(1))
        .needs(&[&LINE])
        .restart(
            Restart::new()
                .backoff(Duration::ZERO, Duration::ZERO)
                .at_most(1, Duration::from_secs(3600)),
        );
    let mut provided = LINE.provide(0);
    CALL.ensure_started_within(PATIENCE).unwrap();
    for round in 1..=5 {
        assert!(LINE.crash("noise"), "round {round}");
        assert!(!CALL.is_available());
        provided = LINE.provide(round);
        CALL.wait_ready(PATIENCE).unwrap();
    }
    drop(provided);
    CALL.revoke(PATIENCE);
}

#[test]
fn a_circle_of_needs_is_refused_and_falls_without_end() {
    static HEN: Resource<u32> = Resource::with_opener("hen", || Opened::Ok(1)).needs(&[&EGG]);
    static EGG: Resource<u32> = Resource::with_opener("egg", || Opened::Ok(1)).needs(&[&HEN]);
    let error = HEN.ensure_started_within(Duration::MAX).unwrap_err();
    assert_eq!(
        error.to_string(),
        "resource `hen` could not be started: resources need each other: `egg` after `hen` after \
         `egg`"
    );
    let hen = HEN.provide(1);
    let egg = EGG.provide(1);
    let mut monitors = [HEN.monitor(), EGG.monitor()];
    let report = HEN.revoke(PATIENCE);
    assert_eq!(report.outstanding, 0);
    let causes = monitors
        .each_mut()
        .map(|monitor| monitor.try_next().unwrap().cause);
    assert_eq!(
        causes,
        [
            "needs `egg`, which went down: needs `hen`, which was revoked",
            "needs `hen`, which was revoked"
        ]
    );
    assert!(
        monitors
            .iter_mut()
            .all(|monitor| monitor.try_next().is_none())
    );
    EGG.revoke(PATIENCE);
    drop((hen, egg));
    assert_eq!([HEN.readiness(), EGG.readiness()], [Readiness::Revoked; 2]);
}

/// A circle that no `needs` tells of is found when it closes.
#[test]
fn openers_that_wait_for_each_other_are_told_so() {
    static CALLED: Signal = Signal::new();
    static LEFT: Resource<u32> = Resource::with_opener("left", || {
        CALLED.raise();
        CALLED.wait(2);
        RIGHT.ensure_started_within(Duration::MAX).map(|()| 1)
    })
    .restart(Restart::never());
    static RIGHT: Resource<u32> = Resource::with_opener("right", || {
        CALLED.raise();
        CALLED.wait(2);
        LEFT.ensure_started_within(Duration::MAX).map(|()| 1)
    })
    .restart(Restart::never());
    let errors = thread::scope(|scope| {
        let left = scope.spawn(|| LEFT.ensure_started_within(PATIENCE).unwrap_err());
        let right = scope.spawn(|| RIGHT.ensure_started_within(PATIENCE).unwrap_err());
        [left.join().unwrap(), right.join().unwrap()]
    });
    for error in errors {
        assert_eq!(error.reason(), SkipReason::Unavailable, "{error}");
        let told = error.to_string();
        assert!(told.contains("openers wait for each other: `"), "{told}");
    }
}

#[test]
fn a_hold_of_any_type_is_a_lease() {
    static LAMP: Resource<u32> = Resource::new("lamp");
    let lamp: &'static dyn Need = &LAMP;
    assert_eq!(lamp.hold().unwrap_err().reason(), SkipReason::Unavailable);
    let provided = LAMP.provide(1);
    let (sender, receiver) = mpsc::channel();
    let hold = lamp.hold().unwrap();
    thread::spawn(move || sender.send(lamp.revoke(Duration::ZERO)).unwrap());
    assert_eq!(receiver.recv().unwrap().outstanding, 1);
    drop(hold);
    assert_eq!(lamp.revoke(Duration::ZERO).outstanding, 0);
    drop(provided);
}

//! Deaths: one for each value, with the reason given, and never under somebody's hands.

use std::{
    error::Error,
    io,
    sync::{Barrier, mpsc},
    thread,
};

use gambeson::{Config, DownCause, Handler, Readiness, Resource, SkipReason, emit};
use gambeson_tests::{PATIENCE, tally};

use super::signal::{Census, Counted};
use crate::{boom, started, started_with};

#[test]
fn sixty_four_crashes_are_one_death() {
    static TILL: Resource<u32> = Resource::new("till");
    let _till = TILL.provide(1);
    let mut monitor = TILL.monitor();
    let together = Barrier::new(64);
    let crashed: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..64)
            .map(|number| {
                let together = &together;
                scope.spawn(move || {
                    together.wait();
                    usize::from(TILL.crash(format!("crash {number}")))
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(crashed, 1);
    let down = monitor.try_next().unwrap();
    assert_eq!(down.reason, SkipReason::Unavailable);
    let refused = TILL.lease().unwrap_err();
    assert_eq!(refused.cause().unwrap().text(), down.cause);
    assert_eq!(monitor.try_next(), None);
}

#[test]
fn the_reason_is_the_one_given() {
    static DISK: Resource<u32> = Resource::new("disk");
    let full = || io::Error::from(io::ErrorKind::StorageFull);
    let boxed: Box<dyn Error + Send + Sync> = full().into();
    let told_by_full = (SkipReason::ResourceExhausted, "no storage space");
    let causes: [(DownCause, SkipReason, &str); 7] = [
        (
            SkipReason::TimedOut.into(),
            SkipReason::TimedOut,
            "timed_out",
        ),
        ("it broke".into(), SkipReason::Unavailable, "it broke"),
        (
            String::from("two\nlines\u{1b}[2J").into(),
            SkipReason::Unavailable,
            "two\\nlines\\u{1b}[2J",
        ),
        (
            DownCause::new(SkipReason::StateCorrupted, "page 9"),
            SkipReason::StateCorrupted,
            "page 9",
        ),
        (DownCause::of(&full()), told_by_full.0, told_by_full.1),
        (full().into(), told_by_full.0, told_by_full.1),
        (boxed.into(), told_by_full.0, told_by_full.1),
    ];
    for (cause, reason, text) in causes {
        let _disk = DISK.provide(1);
        let mut monitor = DISK.monitor();
        assert!(DISK.crash(cause));
        let down = monitor.try_next().unwrap();
        assert_eq!((down.reason, down.cause.as_str()), (reason, text));
        assert_eq!(DISK.lease().unwrap_err().reason(), reason);
        assert_eq!(DISK.readiness(), Readiness::Failed);
    }
}

/// Neither the lease of a handler that runs nor one that is counted sees its value go.
#[test]
fn a_crash_frees_nothing_that_is_held() {
    static VALUES: Census = Census::new();
    static BOAT: Resource<Counted> = Resource::new("boat");
    let boat = BOAT.provide(VALUES.bear());
    let (entered, is_entered) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let goes_on = std::sync::Mutex::new(goes_on);
    let handler = Handler::new("rows", "boat.rowed", move |_| {
        entered.send(()).unwrap();
        goes_on.lock().unwrap().recv().unwrap();
    });
    let telemetry = started([handler.needs(&BOAT)]);
    thread::scope(|scope| {
        let rows = scope.spawn(|| telemetry.enter(|| emit!("boat.rowed")));
        is_entered.recv().unwrap();
        let counted = BOAT.lease().unwrap();
        assert!(BOAT.crash(SkipReason::PeerDead));
        telemetry.enter(|| emit!("boat.rowed"));
        assert_eq!(VALUES.counts(), (1, 0));
        go_on.send(()).unwrap();
        rows.join().unwrap();
        assert_eq!(VALUES.counts(), (1, 0), "the lease keeps it");
        drop(counted);
        VALUES.wait((1, 1));
    });
    assert_eq!(
        tally(&telemetry.report(), "rows"),
        "2 = 1 handled + 1 peer_dead"
    );
    drop(boat);
    assert_eq!(
        BOAT.readiness(),
        Readiness::Failed,
        "its owner revokes it no more"
    );
}

/// The owner's end does not keep what nobody can use any more.
#[test]
fn what_has_gone_is_dropped_though_its_owner_stays() {
    static VALUES: Census = Census::new();
    static BOX: Resource<Counted> = Resource::new("box");
    let first = BOX.provide(VALUES.bear());
    let second = BOX.provide(VALUES.bear());
    VALUES.wait((2, 1));
    assert!(BOX.crash("dropped"));
    VALUES.wait((2, 2));
    let third = BOX.provide(VALUES.bear());
    assert_eq!(BOX.revoke(PATIENCE).outstanding, 0);
    assert_eq!(VALUES.counts(), (3, 3), "revoked");
    drop((first, second, third));
    assert_eq!(VALUES.counts(), (3, 3));
}

/// In strict mode the handler's panic would go on into whoever emits; here that is the runtime,
/// in the middle of its work.
#[test]
fn a_strict_handler_that_panics_on_a_death_does_not_stop_it() {
    static VALUES: Census = Census::new();
    static MAST: Resource<Counted> = Resource::new("mast");
    static SAIL: Resource<Counted> = Resource::new("sail").needs(&[&MAST]);
    let strict = Config::parse("[telemetry]\ndefensive_mode = false\n").unwrap();
    let handler = Handler::new("boom", "gambeson.resource.*", boom);
    let telemetry = started_with(strict, [handler]);
    let (mast, sail) =
        telemetry.enter(|| (MAST.provide(VALUES.bear()), SAIL.provide(VALUES.bear())));
    let mut monitor = SAIL.monitor();
    assert!(telemetry.enter(|| MAST.crash(SkipReason::PeerDead)));
    VALUES.wait((2, 2));
    assert_eq!(monitor.try_next().unwrap().reason, SkipReason::PeerDead);
    assert_eq!(
        tally(&telemetry.report(), "boom"),
        "4 = 0 handled + 4 unexpected"
    );
    telemetry.enter(|| drop((mast, sail)));
}

#[test]
fn a_value_whose_drop_panics_is_gone_all_the_same() {
    static FUSE: Resource<Bomb> = Resource::new("fuse");
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("the drop of a value");
        }
    }
    let mut monitor = FUSE.monitor();
    let first = FUSE.provide(Bomb);
    assert!(FUSE.crash("burnt"));
    drop(first);
    let second = FUSE.provide(Bomb);
    let lease = FUSE.lease().unwrap();
    assert_eq!(FUSE.revoke(std::time::Duration::ZERO).outstanding, 1);
    drop(lease);
    drop(second);
    let reasons = [monitor.try_next(), monitor.try_next()].map(|down| down.unwrap().reason);
    assert_eq!(reasons, [SkipReason::Unavailable, SkipReason::ShuttingDown]);
    assert_eq!(FUSE.readiness(), Readiness::Revoked);
}

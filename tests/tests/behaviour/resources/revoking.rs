//! Revocation: nothing new is lent, what is lent is waited for, stragglers are named.

use std::{
    sync::{Barrier, mpsc},
    thread,
    time::Duration,
};

use gambeson::{Handler, Readiness, Resource, SkipReason, emit};
use gambeson_tests::{PATIENCE, tally, wait_until};

use super::signal::{Census, Counted, Signal};
use crate::started;

#[test]
fn stragglers_are_named_by_thread_and_place() {
    static BOOKS: Resource<u32> = Resource::new("books");
    let provided = BOOKS.provide(1);
    let (leased, is_leased) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let reader = thread::Builder::new().name("reader".to_owned());
    let reader = reader.spawn(move || {
        let lease = BOOKS.lease().unwrap();
        leased.send(line!() - 1).unwrap();
        goes_on.recv().unwrap();
        drop(lease);
    });
    let line = is_leased.recv().unwrap();
    let report = provided.revoke(Duration::from_millis(2));
    assert_eq!((report.resource, report.outstanding), ("books", 1));
    let place = format!("revoking.rs:{line})");
    assert!(
        matches!(&report.holders[..], [holder] if holder.starts_with("reader (") && holder.ends_with(&place)),
        "{report:?}"
    );
    assert_eq!(BOOKS.readiness(), Readiness::Draining);
    go_on.send(()).unwrap();
    reader.unwrap().join().unwrap();
    assert_eq!(BOOKS.readiness(), Readiness::Revoked);
    assert_eq!(BOOKS.revoke(Duration::ZERO).outstanding, 0);
}

/// The lease of a handler that runs by a mark is waited for as one that is counted.
#[test]
fn a_handler_in_progress_is_waited_for() {
    static VALUES: Census = Census::new();
    static STOCK: Resource<Counted> = Resource::new("stock");
    let provided = STOCK.provide(VALUES.bear());
    let (entered, is_entered) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let goes_on = std::sync::Mutex::new(goes_on);
    let handler = Handler::new("counts", "stock.counted", move |_| {
        entered.send(()).unwrap();
        goes_on.lock().unwrap().recv().unwrap();
    });
    let telemetry = started([handler.needs(&STOCK)]);
    thread::scope(|scope| {
        scope.spawn(|| telemetry.enter(|| emit!("stock.counted")));
        is_entered.recv().unwrap();
        let counted = STOCK.lease().unwrap();
        assert_eq!(STOCK.revoke(Duration::ZERO).outstanding, 2);
        drop(counted);
        assert_eq!(VALUES.counts(), (1, 0), "the handler keeps it");
        let waits = scope.spawn(|| provided.revoke(PATIENCE).outstanding);
        go_on.send(()).unwrap();
        assert_eq!(waits.join().unwrap(), 0);
        VALUES.wait((1, 1));
    });
    assert_eq!(tally(&telemetry.report(), "counts"), "1 = 1 handled");
}

/// Never is a resource told to be drained while it is leased.
#[test]
fn draining_is_not_revoked_while_a_lease_is_held() {
    static BUSY: Resource<u32> = Resource::new("busy");
    for round in 0..300 {
        let provided = BUSY.provide(round);
        let lease = BUSY.lease().unwrap();
        thread::scope(|scope| {
            let revoke = scope.spawn(|| BUSY.revoke(PATIENCE).outstanding);
            let mut seen = Readiness::Ready;
            wait_until("it is revoked", PATIENCE, || {
                while seen == Readiness::Ready {
                    seen = BUSY.readiness();
                }
                true
            });
            assert_eq!(seen, Readiness::Draining, "round {round}");
            drop(lease);
            assert_eq!(revoke.join().unwrap(), 0);
        });
        assert_eq!(BUSY.readiness(), Readiness::Revoked);
        drop(provided);
    }
}

#[test]
fn many_revoke_at_once_and_one_death_is_told() {
    static CROWD: Resource<Counted> = Resource::new("crowd");
    static VALUES: Census = Census::new();
    let provided = CROWD.provide(VALUES.bear());
    let mut monitor = CROWD.monitor();
    let together = Barrier::new(16);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                together.wait();
                assert_eq!(CROWD.revoke(PATIENCE).outstanding, 0);
            });
        }
    });
    let down = monitor.try_next().unwrap();
    assert_eq!(
        (down.reason, down.cause.as_str()),
        (SkipReason::ShuttingDown, "revoked")
    );
    assert_eq!(monitor.try_next(), None);
    drop(provided);
    assert_eq!(VALUES.counts(), (1, 1));
}

/// What `Provided` waits for is its own value, and what it ends is that value alone.
#[test]
fn the_end_of_a_value_that_was_replaced_ends_nothing() {
    static SHELF: Resource<u32> = Resource::new("shelf");
    let first = SHELF.provide(1);
    let old = SHELF.lease().unwrap();
    let _second = SHELF.provide(2);
    let new = SHELF.lease().unwrap();
    let mut monitor = SHELF.monitor();
    let report = first.revoke(Duration::ZERO);
    assert_eq!(report.outstanding, 1, "the old lease, not the new one");
    assert_eq!((*old, *new, SHELF.readiness()), (1, 2, Readiness::Ready));
    assert_eq!(monitor.try_next(), None);
}

/// Whoever has revoked a file may open it again.
#[test]
fn a_revocation_waits_for_the_drop_of_the_value_on_another_thread() {
    static DROPS: Signal = Signal::new();
    static GO: Signal = Signal::new();
    static VALUES: Census = Census::new();
    static FILE: Resource<Slow> = Resource::new("file");
    struct Slow(Option<Counted>);
    impl Drop for Slow {
        fn drop(&mut self) {
            DROPS.raise();
            GO.wait(1);
            drop(self.0.take());
        }
    }
    let provided = FILE.provide(Slow(Some(VALUES.bear())));
    let lease = FILE.lease().unwrap();
    let (revoked, is_revoked) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || revoked.send(provided.revoke(PATIENCE)).unwrap());
        wait_until("nothing new is lent", PATIENCE, || !FILE.is_available());
        scope.spawn(|| drop(lease));
        DROPS.wait(1);
        let early = is_revoked.recv_timeout(Duration::from_millis(20));
        assert!(early.is_err(), "the value is still there");
        GO.raise();
        assert_eq!(is_revoked.recv().unwrap().outstanding, 0);
        assert_eq!(VALUES.counts(), (1, 1));
    });
}

#[test]
fn a_revocation_of_what_never_was_there_is_no_death() {
    static EMPTY: Resource<u32> = Resource::new("empty");
    let mut monitor = EMPTY.monitor();
    assert_eq!(EMPTY.revoke(Duration::MAX).outstanding, 0);
    assert_eq!(monitor.try_next(), None);
    assert_eq!(EMPTY.readiness(), Readiness::NotReady);
    assert_eq!(EMPTY.lease().unwrap_err().reason(), SkipReason::Unavailable);
}

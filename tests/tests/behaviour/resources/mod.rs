//! Resources: asking and using are one step, and a lease held is a value that stays.

mod dying;
mod health;
mod lifetimes;
mod monitors;
mod needing;
mod opening;
mod random;
mod reentrant;
mod restarting;
mod revoking;
mod signal;
mod storm;
mod told;
mod watching;
mod watching_tasks;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use gambeson::{
    Event, Handler, Readiness, Resource, SkipReason, Telemetry, defensive_handler, emit, handler,
};
use gambeson_tests::{PATIENCE, tally, wait_until};

use crate::started;

/// What openers that succeed say; a `static` cannot guess the type of an error.
type Opened<T> = Result<T, &'static str>;

/// A value that says when it is dropped.
struct Store {
    dropped: Arc<AtomicBool>,
}

fn store() -> (Store, Arc<AtomicBool>) {
    let dropped = Arc::new(AtomicBool::new(false));
    (
        Store {
            dropped: Arc::clone(&dropped),
        },
        dropped,
    )
}

impl Drop for Store {
    fn drop(&mut self) {
        self.dropped.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_life() {
    static LIFE: Resource<u32> = Resource::new("life");
    assert_eq!(LIFE.readiness(), Readiness::NotReady);
    assert_eq!(LIFE.lease().unwrap_err().reason(), SkipReason::Unavailable);
    let provided = LIFE.provide(1);
    assert!(LIFE.is_available());
    let lease = LIFE.lease().unwrap();
    let report = LIFE.revoke(Duration::ZERO);
    assert_eq!((report.resource, report.outstanding), ("life", 1));
    assert_eq!(LIFE.readiness(), Readiness::Draining);
    assert_eq!(LIFE.lease().unwrap_err().reason(), SkipReason::ShuttingDown);
    assert_eq!(*lease, 1, "a lease that is held keeps its value");
    drop(lease);
    drop(provided);
    assert_eq!(LIFE.readiness(), Readiness::Revoked);
    let _again = LIFE.provide(2);
    assert_eq!(*LIFE.lease().unwrap(), 2);
}

/// The value goes with the last lease, not before and not later.
#[test]
fn the_value_is_dropped_with_the_last_lease() {
    static LAST: Resource<Store> = Resource::new("last");
    let (value, dropped) = store();
    let provided = LAST.provide(value);
    let (first, second) = (LAST.lease().unwrap(), LAST.lease().unwrap());
    assert_eq!(provided.revoke(Duration::ZERO).outstanding, 2);
    drop(first);
    assert!(!dropped.load(Ordering::SeqCst));
    assert!(!second.dropped.load(Ordering::SeqCst));
    drop(second);
    wait_until("it is dropped", PATIENCE, || dropped.load(Ordering::SeqCst));
}

#[test]
fn a_replaced_value_is_kept_by_its_leases_only() {
    static REPLACED: Resource<Store> = Resource::new("replaced");
    let ((old, old_dropped), (new, new_dropped)) = (store(), store());
    let first = REPLACED.provide(old);
    let lease = REPLACED.lease().unwrap();
    let second = REPLACED.provide(new);
    assert!(Arc::ptr_eq(
        &REPLACED.lease().unwrap().dropped,
        &new_dropped
    ));
    assert!(Arc::ptr_eq(&lease.dropped, &old_dropped));
    drop(lease);
    drop(first);
    wait_until("the old one is dropped", PATIENCE, || {
        old_dropped.load(Ordering::SeqCst)
    });
    assert!(
        REPLACED.is_available(),
        "the end of the old value is not the new one's"
    );
    drop(second);
    assert!(new_dropped.load(Ordering::SeqCst));
    assert_eq!(REPLACED.readiness(), Readiness::Revoked);
}

#[test]
fn revoke_waits_for_the_lease_and_returns_when_it_ends() {
    static WAITED: Resource<()> = Resource::new("waited");
    let provided = WAITED.provide(());
    let lease = WAITED.lease().unwrap();
    thread::scope(|scope| {
        let revoke = scope.spawn(|| WAITED.revoke(PATIENCE));
        wait_until("nothing new is lent", PATIENCE, || !WAITED.is_available());
        assert!(!revoke.is_finished());
        drop(lease);
        assert_eq!(revoke.join().unwrap().outstanding, 0);
    });
    drop(provided);
}

static LEDGER: Resource<AtomicU64> = Resource::new("ledger");

#[defensive_handler(on = "ledger.sale")]
fn record_sale(
    event: &Event<'_>,
    #[needs(LEDGER)] ledger: &AtomicU64,
) -> Result<(), gambeson::FieldError> {
    let amount = event.value("amount").and_then(|value| value.as_number());
    assert!(amount.is_none_or(|amount| amount.as_f64() >= 0.0));
    event.text("order_id")?;
    ledger.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// The annotated handler is lent the value, by reason skipped without it, and back with it.
#[test]
fn an_annotated_handler_comes_and_goes_with_its_resource() {
    let telemetry = Telemetry::isolated();
    telemetry.attach(handler!(record_sale)).unwrap();
    let sell = || telemetry.enter(|| emit!("ledger.sale", {}, { order_id = "A-1" }));
    sell();
    let ledger = LEDGER.provide(AtomicU64::new(0));
    sell();
    sell();
    assert_eq!(LEDGER.lease().unwrap().load(Ordering::Relaxed), 2);
    drop(ledger);
    sell();
    let _ledger = LEDGER.provide(AtomicU64::new(10));
    sell();
    assert_eq!(LEDGER.lease().unwrap().load(Ordering::Relaxed), 11);
    let report = telemetry.report();
    assert_eq!(
        tally(&report, "record_sale"),
        "5 = 3 handled + 1 unavailable + 1 shutting_down"
    );
    let resources: Vec<_> = report
        .resources
        .iter()
        .map(|resource| (resource.name, resource.readiness))
        .collect();
    assert_eq!(resources, [("ledger", Readiness::Ready)]);
}

/// From inside a handler a revoke would wait for the handler's own lease.
#[test]
fn a_revoke_inside_a_handler_does_not_wait_for_it() {
    static OWN: Resource<()> = Resource::new("own");
    let _provided = OWN.provide(());
    let (sender, receiver) = mpsc::channel();
    let handler = Handler::new("revokes", "shop.opened", move |_| {
        sender.send(OWN.revoke(PATIENCE).outstanding).unwrap();
    });
    let telemetry = started([handler.needs(&OWN)]);
    telemetry.enter(|| emit!("shop.opened"));
    assert_eq!(receiver.try_recv(), Ok(1));
    assert_eq!(tally(&telemetry.report(), "revokes"), "1 = 1 handled");
    assert_eq!(OWN.readiness(), Readiness::Revoked);
}

#[test]
fn a_probe_that_says_no_or_panics_is_unavailable() {
    static OPEN: AtomicBool = AtomicBool::new(false);
    fn probe() -> bool {
        assert!(!OPEN.load(Ordering::SeqCst), "the probe itself is broken");
        false
    }
    #[defensive_handler(available = probe)]
    fn guarded() {}
    let telemetry = Telemetry::isolated();
    telemetry.enter(guarded);
    OPEN.store(true, Ordering::SeqCst);
    telemetry.enter(guarded);
    assert_eq!(
        tally(&telemetry.report(), "guarded"),
        "2 = 0 handled + 2 unavailable"
    );
}

/// A probe may emit, and so come back to the runtime that asks it.
#[test]
fn a_probe_that_emits_does_not_deadlock() {
    fn probe() -> bool {
        emit!("probe.asked");
        true
    }
    #[defensive_handler(on = "shop.opened", available = probe)]
    fn asks(_: &Event<'_>) {}
    let telemetry = started([
        handler!(asks).into(),
        Handler::new("asked", "probe.asked", |_| ()),
    ]);
    telemetry.enter(|| emit!("shop.opened"));
    let report = telemetry.report();
    assert_eq!(tally(&report, "asks"), "1 = 1 handled");
    assert_eq!(tally(&report, "asked"), "1 = 1 handled");
}

/// Whoever has heard of a death is refused from then on.
#[test]
fn a_death_is_told_after_leases_are_refused() {
    static MORTAL: Resource<u32> = Resource::new("mortal");
    let (lives, to_end) = mpsc::sync_channel(0);
    let killer = thread::spawn(move || {
        for life in to_end {
            if life % 2 == 0 {
                assert!(MORTAL.crash(SkipReason::PeerDead));
            } else {
                MORTAL.revoke(PATIENCE);
            }
        }
    });
    let mut monitor = MORTAL.monitor();
    for life in 0..2000 {
        let _provided = MORTAL.provide(life);
        lives.send(life).unwrap();
        monitor.wait(PATIENCE).expect("it has died");
        assert!(MORTAL.lease().is_err(), "in life {life}");
    }
    drop(lives);
    killer.join().unwrap();
}

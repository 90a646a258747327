//! Leases, owners and monitors: what outlives what.

use std::{sync::mpsc, thread, time::Duration};

use gambeson::{Event, Lease, Readiness, Resource, defensive_handler, emit, handler};
use gambeson_tests::{PATIENCE, tally};

use super::signal::{Census, Counted};
use crate::started;

/// Moved to a thread, a lease is waited for there, and named by the thread that took it.
#[test]
fn a_lease_goes_from_thread_to_thread() {
    static VALUES: Census = Census::new();
    static PARCEL: Resource<Counted> = Resource::new("parcel");
    let provided = PARCEL.provide(VALUES.bear());
    let lease: Lease<Counted> = PARCEL.lease().unwrap();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        goes_on.recv().unwrap();
        drop(lease);
    });
    let report = provided.revoke(Duration::ZERO);
    assert_eq!(report.outstanding, 1);
    let name = thread::current().name().unwrap().to_owned();
    assert!(report.holders[0].starts_with(&name), "{report:?}");
    go_on.send(()).unwrap();
    thread.join().unwrap();
    VALUES.wait((1, 1));
    assert_eq!(PARCEL.readiness(), Readiness::Revoked);
}

/// A thread that leaks its lease is a straggler for ever, and holds up nothing but the report.
#[test]
fn a_lease_that_is_leaked_is_a_straggler() {
    static LEAKY: Resource<u32> = Resource::new("leaky");
    let first = LEAKY.provide(1);
    std::mem::forget(LEAKY.lease().unwrap());
    assert_eq!(first.revoke(Duration::from_millis(1)).outstanding, 1);
    assert_eq!(LEAKY.readiness(), Readiness::Draining);
    let second = LEAKY.provide(2);
    assert_eq!(*LEAKY.lease().unwrap(), 2);
    assert_eq!(
        second.revoke(PATIENCE).outstanding,
        0,
        "its own value has none"
    );
    assert_eq!(LEAKY.revoke(Duration::ZERO).outstanding, 1);
}

/// Many leases of one thread, more than it has marks, nested as handlers nest.
#[test]
fn a_thousand_leases_are_counted() {
    static VALUES: Census = Census::new();
    static MANY: Resource<Counted> = Resource::new("many");
    let provided = MANY.provide(VALUES.bear());
    let leases: Vec<_> = (0..1_000).map(|_| MANY.lease().unwrap()).collect();
    let report = MANY.revoke(Duration::ZERO);
    assert_eq!((report.outstanding, report.holders.len()), (1_000, 1_000));
    drop(leases);
    VALUES.wait((1, 1));
    assert_eq!(provided.revoke(Duration::ZERO).outstanding, 0);
}

static CELLAR: Resource<Counted> = Resource::new("cellar");
static CELLARS: Census = Census::new();

#[defensive_handler(on = "cellar.opened")]
fn taste(_: &Event<'_>, #[needs(CELLAR)] cellar: &Counted) {
    let provided = CELLAR.provide(CELLARS.bear());
    assert_eq!(CELLARS.counts(), (2, 0), "{cellar:?} is still leased");
    // Inside a handler this does not wait for the handler's own lease.
    drop(provided);
    assert!(!CELLAR.is_available());
}

/// The handler's lease rides on a mark, which the value that it replaces survives by.
#[test]
fn a_handler_replaces_and_revokes_the_value_that_it_is_lent() {
    let telemetry = started([handler!(taste).into()]);
    let provided = CELLAR.provide(CELLARS.bear());
    telemetry.enter(|| emit!("cellar.opened"));
    CELLARS.wait((2, 2));
    assert_eq!(tally(&telemetry.report(), "taste"), "1 = 1 handled");
    drop(provided);
    assert_eq!(CELLAR.readiness(), Readiness::Revoked);
}

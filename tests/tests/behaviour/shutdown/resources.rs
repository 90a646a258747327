//! Resources are revoked after the handlers are drained, dependents before what they need.

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use gambeson::{Handler, PartKind, Readiness, Resource, SkipReason};
use gambeson_tests::{PATIENCE, Records, wait_until};

use super::{ended, held, shutting_down};
use crate::started;

static REVOKED: Mutex<Vec<&str>> = Mutex::new(Vec::new());
static DISK: Resource<Noted> =
    Resource::with_opener("end_disk", || Ok::<_, Infallible>(Noted("end_disk")));
static TABLE: Resource<Noted> =
    Resource::with_opener("end_table", || Ok::<_, Infallible>(Noted("end_table"))).needs(&[&DISK]);
static INDEX: Resource<Noted> =
    Resource::with_opener("end_index", || Ok::<_, Infallible>(Noted("end_index")))
        .needs(&[&TABLE, &DISK]);

/// A value that is noted when it goes.
struct Noted(&'static str);

impl Drop for Noted {
    fn drop(&mut self) {
        let mut revoked = REVOKED.lock().unwrap_or_else(PoisonError::into_inner);
        revoked.push(self.0);
    }
}

/// The handler names only the index; what that needs follows.
#[test]
fn after_the_handlers_and_dependents_first() {
    let (slow, slow_call) = held("slow");
    let telemetry = started([slow.needs(&INDEX)]);
    thread::scope(|scope| {
        slow_call.begin(scope, &telemetry, "slow");
        let shutdown = shutting_down(scope, &telemetry);
        wait_until("it is closed", PATIENCE, || telemetry.handlers().is_empty());
        assert_eq!(DISK.readiness(), Readiness::Ready, "the call may use it");
        assert_eq!(*REVOKED.lock().unwrap(), [""; 0]);
        slow_call.let_go();
        let shutdown = shutdown.join().unwrap();
        assert!(shutdown.is_complete(), "{shutdown}");
        for name in ["end_disk", "end_table", "end_index"] {
            assert!(shutdown.part(PartKind::Resource, name).is_some());
        }
    });
    assert_eq!(
        *REVOKED.lock().unwrap(),
        ["end_index", "end_table", "end_disk"]
    );
    let refused = DISK.lease().map(drop).unwrap_err();
    assert_eq!(refused.reason(), SkipReason::ShuttingDown);
}

#[test]
fn the_last_of_two_telemetries_revokes_what_they_share() {
    static SHARED: Resource<u32> = Resource::new("end_shared");
    let _provided = SHARED.provide(1);
    let user = || started([Handler::new("user", "end.opened", |_| ()).needs(&SHARED)]);
    let (first, second) = (user(), user());
    let shutdown = ended(first.shutdown());
    assert_eq!(shutdown.part(PartKind::Resource, "end_shared"), None);
    assert!(SHARED.is_available(), "the second one uses it");
    let shutdown = ended(second.shutdown());
    assert!(shutdown.part(PartKind::Resource, "end_shared").is_some());
    assert_eq!(SHARED.readiness(), Readiness::Revoked);
}

/// A lease that is given back within the share is waited for.
#[test]
fn leases_are_awaited() {
    static LEASED: Resource<u32> = Resource::new("end_leased");
    let _provided = LEASED.provide(1);
    let telemetry = started([Handler::new("user", "end.opened", |_| ()).needs(&LEASED)]);
    let lease = LEASED.lease().unwrap();
    thread::scope(|scope| {
        let shutdown = shutting_down(scope, &telemetry);
        wait_until("it is being revoked", PATIENCE, || {
            LEASED.readiness() == Readiness::Draining
        });
        assert!(!shutdown.is_finished());
        drop(lease);
        assert!(shutdown.join().unwrap().is_complete());
    });
}

/// Its owner's end is not another deadline for the lease that the shutdown has waited for.
#[test]
fn what_a_shutdown_gave_up_on_is_not_awaited_again_by_its_owner() {
    static STUCK: Resource<u32> = Resource::new("end_stuck");
    let provided = STUCK.provide(1);
    let telemetry = started([Handler::new("user", "end.opened", |_| ()).needs(&STUCK)]);
    let lease = STUCK.lease().unwrap();
    let records = Records::new();
    let short = Duration::from_millis(1);
    let shutdown = records.capture(|| ended(telemetry.shutdown_within(short)));
    let stuck = shutdown.part(PartKind::Resource, "end_stuck").unwrap();
    let told = records.saying("shutdown is not complete");
    assert_eq!(told.len(), 1);
    let left = format!("resource end_stuck: 1 lease by {}", stuck.holders[0]);
    assert_eq!(told[0].field("left"), Some(left.as_str()));

    let started = Instant::now();
    drop(provided);
    assert!(started.elapsed() < Duration::from_secs(4));
    assert_eq!(*lease, 1);
    let report = STUCK.revoke(Duration::ZERO);
    assert!(!report.is_complete());
    assert_eq!(
        report.to_string(),
        format!(
            "1 lease of resource `end_stuck` is still held by {}",
            stuck.holders[0]
        )
    );
    drop(lease);
    let report = STUCK.revoke(Duration::ZERO);
    assert!(report.is_complete());
    assert_eq!(report.to_string(), "nobody holds resource `end_stuck`");
}

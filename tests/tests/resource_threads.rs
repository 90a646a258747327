//! A resource in a process that has no room for another thread. Alone in its process, whose memory
//! is limited.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use std::{sync::mpsc, thread, time::Duration};

use gambeson::{Readiness, Resource, Restart, SkipReason, Telemetry, defensive_handler};
use gambeson_tests::{PATIENCE, wait_until, without_threads};

static TILL: Resource<u32> = Resource::with_opener("till", || Ok::<_, &str>(7));
static SHY: Resource<u32> =
    Resource::with_opener("shy", || Ok::<_, &str>(7)).restart(Restart::never());
static GONE: Resource<u32> = Resource::with_opener("gone", || Ok::<_, &str>(7));
static PEER: Resource<u32> = Resource::new("peer");

#[defensive_handler(needs(GONE))]
fn uses_what_has_gone() {}

#[defensive_handler(needs(SHY))]
fn uses_the_shy() {}

#[defensive_handler(needs(TILL))]
fn sells() {}

/// Calls that need what is down, and so ask for another thread.
fn uses() {
    uses_what_has_gone();
    uses_the_shy();
    sells();
}

#[track_caller]
fn assert_no_thread(resource: &'static Resource<u32>) {
    let error = resource.ensure_started_within(PATIENCE).unwrap_err();
    assert_eq!(error.reason(), SkipReason::ResourceExhausted, "{error}");
    let refused = resource.lease().unwrap_err();
    assert_eq!(refused.reason(), SkipReason::ResourceExhausted, "{refused}");
    assert_eq!(resource.readiness(), Readiness::Failed);
}

/// It fails as one whose opener fails, and is tried again by whoever needs it.
#[test]
fn a_resource_without_a_thread_fails_and_comes_back() {
    let telemetry = Telemetry::isolated();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let thread = thread::spawn(move || goes_on.recv().unwrap());
    let _peer = PEER.provide(1);
    without_threads(|| {
        for resource in [&TILL, &SHY, &GONE] {
            assert_no_thread(resource);
        }
        GONE.revoke(Duration::ZERO);
        assert_eq!(
            PEER.watch(thread).unwrap_err().kind(),
            std::io::ErrorKind::WouldBlock
        );
        assert_eq!(PEER.readiness(), Readiness::Stale);
        telemetry.enter(uses);
    });
    wait_until("the till is back", PATIENCE, || {
        telemetry.enter(uses);
        TILL.is_available()
    });
    assert_eq!(*TILL.lease().unwrap(), 7);
    assert_eq!(SHY.readiness(), Readiness::Failed, "nobody asked for it");
    assert_eq!(GONE.lease().unwrap_err().reason(), SkipReason::ShuttingDown);
    assert_eq!(SHY.ensure_started_within(PATIENCE), Ok(()));
    go_on.send(()).unwrap();
    assert_eq!(PEER.readiness(), Readiness::Stale, "nobody told of its end");
    drop(telemetry);
    for resource in [&TILL, &SHY] {
        assert_eq!(resource.revoke(PATIENCE).outstanding, 0);
    }
}

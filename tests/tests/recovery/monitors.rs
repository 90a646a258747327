//! Whoever hears of a death finds what has died gone.

use std::thread;

use gambeson::{Resource, SkipReason};
use gambeson_tests::PATIENCE;

const ROUNDS: u32 = 5_000;

/// Provides it and ends it on another thread, again and again; leases it once its end is told.
fn refused_once_told(resource: &'static Resource<()>, end: fn(), reason: SkipReason) {
    for round in 0..ROUNDS {
        let provided = resource.provide(());
        let mut monitor = resource.monitor();
        thread::scope(|scope| {
            scope.spawn(end);
            monitor.wait(PATIENCE).unwrap();
            let lent = resource.lease().map(drop);
            let refused = lent.expect_err(&format!("lent in round {round}"));
            assert_eq!(refused.reason(), reason);
        });
        drop(provided);
    }
}

#[test]
fn who_hears_of_a_crash_is_lent_nothing_more() {
    static TABLE: Resource<()> = Resource::new("crash heard of");
    let crash = || assert!(TABLE.crash(SkipReason::PeerDead));
    refused_once_told(&TABLE, crash, SkipReason::PeerDead);
}

#[test]
fn who_hears_of_a_revocation_is_lent_nothing_more() {
    static TABLE: Resource<()> = Resource::new("revocation heard of");
    let revoke = || drop(TABLE.revoke(PATIENCE));
    refused_once_told(&TABLE, revoke, SkipReason::ShuttingDown);
}

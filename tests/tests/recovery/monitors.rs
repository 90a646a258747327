//! Whoever hears of a death finds what has died gone.

use std::thread;

use gambeson::{Readiness, Resource, SkipReason};
use gambeson_tests::PATIENCE;

#[test]
#[ignore = "a monitor is told of a death a moment before leases are refused"]
fn who_hears_of_a_death_is_lent_nothing_more() {
    static TABLE: Resource<()> = Resource::new("heard of");
    for round in 0..5_000 {
        let provided = TABLE.provide(());
        let mut monitor = TABLE.monitor();
        thread::scope(|scope| {
            scope.spawn(|| TABLE.crash(SkipReason::PeerDead));
            monitor.wait(PATIENCE).unwrap();
            let lent = TABLE.lease().map(drop);
            let refused = lent.expect_err(&format!("lent in round {round}"));
            assert_eq!(refused.reason(), SkipReason::PeerDead);
        });
        assert_eq!(TABLE.readiness(), Readiness::Failed);
        drop(provided);
    }
}

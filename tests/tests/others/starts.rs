//! A start that fails takes away what it opened, and nothing that is another's.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use gambeson::{Readiness, Resource, Restart, StartError, Telemetry};
use gambeson_tests::PATIENCE;

use crate::alone;

const HOUR: Duration = Duration::from_secs(3600);

static IS_BACK: AtomicBool = AtomicBool::new(false);
static LEDGER: Resource<u32> = Resource::with_opener("ledger", || {
    let is_back = IS_BACK.load(Ordering::SeqCst);
    is_back.then_some(7).ok_or("the disk is not mounted yet")
})
.restart(Restart::new().backoff(HOUR, HOUR));
static NOWHERE: Resource<u32> = Resource::new("nowhere");

#[test]
fn a_start_that_fails_revokes_nothing_that_another_telemetry_uses() {
    let telemetry = alone().resource(&LEDGER).start().unwrap();
    assert_eq!(LEDGER.readiness(), Readiness::Failed);
    IS_BACK.store(true, Ordering::SeqCst);
    let second = alone().resource(&LEDGER).require(&NOWHERE);
    let second = second.start_deadline(Duration::ZERO).start();
    assert!(matches!(second, Err(StartError::Resource(_))), "{second:?}");
    LEDGER.wait_ready(PATIENCE).unwrap();
    drop(telemetry);
    assert_eq!(LEDGER.readiness(), Readiness::Revoked);
}

static WINNER: OnceLock<Telemetry> = OnceLock::new();
static RACE: Resource<u32> = Resource::with_opener("race", || {
    let winner = Telemetry::builder().filter(|_| false).start()?;
    Ok::<_, StartError>(WINNER.set(winner).map_or(0, |()| 7))
});

/// The one that comes first does so while the other one opens its resources.
#[test]
fn a_start_that_comes_second_revokes_what_it_opened() {
    let second = Telemetry::builder().filter(|_| false).resource(&RACE);
    let refused = second.start();
    assert!(
        matches!(refused, Err(StartError::AlreadyRunning)),
        "{refused:?}"
    );
    assert_eq!(RACE.readiness(), Readiness::Revoked);
}

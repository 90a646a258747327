//! Health: what was wrong stays on record until it has been well for long enough.

use std::time::{Duration, SystemTime};

use gambeson::{Readiness, Resource, ResourceHealth, Restart, SkipReason, Status};
use gambeson_tests::{PATIENCE, wait_until};

use super::signal::Signal;

const HOUR: Duration = Duration::from_secs(3600);

/// What there is to compare of it.
fn of(health: &ResourceHealth) -> (Readiness, Status, Option<&str>) {
    (health.readiness, health.status, health.cause.as_deref())
}

#[test]
fn a_failure_is_remembered_with_its_first_moment() {
    static HEART: Resource<u32> = Resource::new("heart").well_after(HOUR);
    let unborn = HEART.health();
    let nobody = Some("nobody has provided it");
    assert_eq!(of(&unborn), (Readiness::NotReady, Status::Down, nobody));
    assert_eq!(unborn.since, None);
    let first = HEART.provide(1);
    assert_eq!(of(&HEART.health()), (Readiness::Ready, Status::Well, None));
    let before = SystemTime::now();
    HEART.crash("first");
    let down = HEART.health();
    assert_eq!(of(&down), (Readiness::Failed, Status::Down, Some("first")));
    let since = down.since.unwrap();
    assert!((before..=SystemTime::now()).contains(&since));
    let second = HEART.provide(2);
    let back = HEART.health();
    assert_eq!(
        of(&back),
        (Readiness::Ready, Status::Degraded, Some("first"))
    );
    assert_eq!(back.to_string(), "resource heart is degraded: first");
    HEART.crash("second");
    let again = HEART.health();
    assert_eq!(
        of(&again),
        (Readiness::Failed, Status::Down, Some("second"))
    );
    assert_eq!(again.since, Some(since), "the recovery did not last");
    drop((first, second));
}

#[test]
fn a_recovery_that_lasts_is_well_and_the_next_failure_is_a_new_one() {
    static LUNG: Resource<u32> = Resource::new("lung").well_after(Duration::from_millis(2));
    let first = LUNG.provide(1);
    LUNG.crash("cold");
    let since = LUNG.health().since.unwrap();
    let second = LUNG.provide(2);
    wait_until("it is well", PATIENCE, || {
        LUNG.health().status == Status::Well
    });
    let well = LUNG.health();
    assert_eq!((well.cause, well.since), (None, None));
    LUNG.crash("cough");
    let again = LUNG.health();
    assert_eq!(of(&again), (Readiness::Failed, Status::Down, Some("cough")));
    assert!(again.since.unwrap() > since + Duration::from_millis(1));
    drop((first, second));
}

#[test]
fn what_cannot_be_opened_is_down_with_the_last_cause() {
    static OPENED: Signal = Signal::new();
    static JAMMED: Resource<u32> = Resource::with_opener("jammed", || {
        OPENED.raise();
        Err::<u32, _>(format!("attempt {}", OPENED.count()))
    })
    .restart(Restart::never());
    JAMMED.ensure_started_within(PATIENCE).unwrap_err();
    let first = JAMMED.health();
    assert_eq!(
        of(&first),
        (Readiness::Failed, Status::Down, Some("attempt 1"))
    );
    JAMMED.ensure_started_within(PATIENCE).unwrap_err();
    let second = JAMMED.health();
    assert_eq!(second.cause.as_deref(), Some("attempt 2"));
    assert_eq!(second.since, first.since);
}

#[test]
fn a_revocation_is_no_illness() {
    static GUEST: Resource<u32> = Resource::new("guest");
    let first = GUEST.provide(1);
    GUEST.crash("fever");
    GUEST.revoke(PATIENCE);
    let gone = GUEST.health();
    assert_eq!(of(&gone), (Readiness::Revoked, Status::Down, Some("fever")));
    let second = GUEST.provide(2);
    assert_eq!(of(&GUEST.health()), (Readiness::Ready, Status::Well, None));
    drop((first, second));
    let gone = GUEST.health();
    assert_eq!(
        of(&gone),
        (Readiness::Revoked, Status::Down, Some("revoked"))
    );
    assert_eq!(
        GUEST.lease().unwrap_err().reason(),
        SkipReason::ShuttingDown
    );
}

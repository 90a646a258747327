//! When the breaker opens, and when it closes.

use super::*;

const LIMITS: Limits = Limits {
    failures: 3,
    within: Duration::from_secs(10),
    cooldown: Duration::from_secs(1),
    max_cooldown: Duration::from_secs(3),
};

fn trip(breaker: &Breaker, now: Instant) {
    for _ in 0..2 {
        assert_eq!(
            breaker.failed(Admission::Admitted, LIMITS, now),
            Change::None
        );
    }
    let change = breaker.failed(Admission::Admitted, LIMITS, now);
    assert_eq!(
        change,
        Change::Quarantined {
            cooldown: LIMITS.cooldown
        }
    );
}

#[test]
fn a_success_ends_the_streak() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    for _ in 0..10 {
        breaker.failed(Admission::Admitted, LIMITS, now);
        breaker.failed(Admission::Admitted, LIMITS, now);
        breaker.succeeded(Admission::Admitted);
    }
    assert_eq!(breaker.admit(|| now), Admission::Admitted);
}

#[test]
fn failures_far_apart_are_no_streak() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    for minute in 0..10 {
        let now = now + Duration::from_secs(60 * minute);
        assert_eq!(
            breaker.failed(Admission::Admitted, LIMITS, now),
            Change::None
        );
    }
}

#[test]
fn one_probe_after_the_cooldown_readmits() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    trip(&breaker, now);
    assert_eq!(breaker.admit(|| now), Admission::Refused);
    let later = now + LIMITS.cooldown;
    assert_eq!(breaker.admit(|| later), Admission::Probe);
    assert_eq!(breaker.admit(|| later), Admission::Refused, "only one");
    assert_eq!(breaker.succeeded(Admission::Probe), Change::Readmitted);
    assert_eq!(breaker.admit(|| later), Admission::Admitted);
}

#[test]
fn a_failed_probe_doubles_the_cooldown_up_to_the_ceiling() {
    let (breaker, mut now) = (Breaker::new(), Instant::now());
    trip(&breaker, now);
    for seconds in [2, 3, 3] {
        now += Duration::from_secs(60);
        assert_eq!(breaker.admit(|| now), Admission::Probe);
        let cooldown = Duration::from_secs(seconds);
        let change = breaker.failed(Admission::Probe, LIMITS, now);
        assert_eq!(change, Change::Quarantined { cooldown });
        assert_eq!(breaker.admit(|| now), Admission::Refused);
    }
}

#[test]
fn what_stays_open_needs_no_look_until_something_else_changes() {
    let breaker = Breaker::new();
    assert!(!breaker.stays_open(), "closed");
    trip(&breaker, Instant::now());
    assert!(breaker.stays_open());
    breaker.pause(true);
    assert!(!breaker.stays_open(), "paused");
    breaker.pause(false);
    assert!(breaker.stays_open());
    breaker.close();
    assert!(!breaker.stays_open(), "the gate is closed");
}

#[test]
fn a_cooldown_below_the_precision_of_the_clock_is_looked_at() {
    let breaker = Breaker::new();
    let limits = Limits {
        failures: 1,
        cooldown: clock::LAG,
        ..LIMITS
    };
    breaker.failed(Admission::Admitted, limits, Instant::now());
    assert!(breaker.is_tripped());
    assert!(!breaker.stays_open());
}

/// Whoever fails may have to wait for the lock, and the cooldown does not begin anew then.
#[test]
fn a_failure_that_is_told_late_stays_open_no_longer() {
    let breaker = Breaker::new();
    let failed_at = Instant::now().checked_sub(LIMITS.cooldown);
    trip(
        &breaker,
        failed_at.expect("a machine that runs for a second"),
    );
    assert_eq!(breaker.admit(Instant::now), Admission::Probe);
    assert!(!breaker.stays_open());
}

#[test]
fn a_cooldown_without_end_is_no_overflow() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    let limits = Limits {
        failures: 1,
        cooldown: Duration::MAX,
        max_cooldown: Duration::MAX,
        ..LIMITS
    };
    let change = breaker.failed(Admission::Admitted, limits, now);
    assert_eq!(
        change,
        Change::Quarantined {
            cooldown: Duration::MAX
        }
    );
    let much_later = now + Duration::from_secs(50 * 365 * 24 * 3600);
    assert_eq!(breaker.admit(|| much_later), Admission::Refused);
}

#[test]
fn a_probe_without_an_answer_is_tried_again() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    trip(&breaker, now);
    let later = now + LIMITS.cooldown;
    assert_eq!(breaker.admit(|| later), Admission::Probe);
    breaker.undecided(Admission::Probe, || later);
    assert_eq!(breaker.admit(|| later), Admission::Probe);
}

//! When the breaker opens, and when it closes.

use super::*;

const LIMITS: Limits = Limits {
    failures: 3,
    within: Duration::from_secs(10),
    cooldown: Duration::from_secs(1),
    max_cooldown: Duration::from_secs(3),
};

const EVERYBODY: Hearing = Hearing::Everybody;

fn quarantined(cooldown: Duration) -> Vec<Change> {
    let is_by_hand = false;
    vec![Change::Quarantined {
        cooldown,
        is_by_hand,
    }]
}

/// What there is to tell.
fn changes(breaker: &Breaker) -> Vec<Change> {
    let told = std::cell::RefCell::default();
    breaker.tell_changes(|change, _| Vec::push(&mut *told.borrow_mut(), change));
    told.into_inner()
}

/// A call fails; what becomes of the handler.
fn fail(breaker: &Breaker, admission: Admission, limits: Limits, now: Instant) -> Vec<Change> {
    let has_changed = breaker.failed(admission, limits, EVERYBODY, now.into());
    let changes = changes(breaker);
    assert_eq!(has_changed, !changes.is_empty());
    changes
}

fn succeed(breaker: &Breaker, admission: Admission) -> Vec<Change> {
    let has_changed = breaker.succeeded(admission, EVERYBODY);
    let changes = changes(breaker);
    assert_eq!(has_changed, !changes.is_empty());
    changes
}

fn admit(breaker: &Breaker, now: Instant) -> Admission {
    let admission = breaker.admit(true, EVERYBODY, || now.into());
    let told = changes(breaker);
    let is_probe = admission == Admission::Probe;
    assert_eq!(
        told,
        if is_probe {
            vec![Change::HalfOpen]
        } else {
            vec![]
        }
    );
    admission
}

fn trip(breaker: &Breaker, now: Instant) {
    for _ in 0..2 {
        assert_eq!(fail(breaker, Admission::Admitted, LIMITS, now), []);
    }
    let changes = fail(breaker, Admission::Admitted, LIMITS, now);
    assert_eq!(changes, quarantined(LIMITS.cooldown));
}

#[test]
fn a_success_ends_the_streak() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    for _ in 0..10 {
        fail(&breaker, Admission::Admitted, LIMITS, now);
        fail(&breaker, Admission::Admitted, LIMITS, now);
        assert_eq!(succeed(&breaker, Admission::Admitted), []);
    }
    assert_eq!(admit(&breaker, now), Admission::Admitted);
}

#[test]
fn failures_far_apart_are_no_streak() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    for minute in 0..10 {
        let now = now + Duration::from_secs(60 * minute);
        assert_eq!(fail(&breaker, Admission::Admitted, LIMITS, now), []);
    }
}

/// The time in which failures count together is told by its end: what failed at that very moment
/// still counts.
#[test]
fn a_streak_lasts_from_its_first_failure() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    let half = LIMITS.within / 2;
    assert_eq!(fail(&breaker, Admission::Admitted, LIMITS, now), []);
    assert_eq!(fail(&breaker, Admission::Admitted, LIMITS, now + half), []);
    let last = fail(&breaker, Admission::Admitted, LIMITS, now + LIMITS.within);
    assert_eq!(last, quarantined(LIMITS.cooldown));
}

#[test]
fn a_streak_that_is_longer_than_can_be_counted_is_none_that_has_tripped() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    let limits = Limits {
        failures: u32::MAX,
        ..LIMITS
    };
    assert_eq!(fail(&breaker, Admission::Admitted, limits, now), []);
    breaker.set_streak(TRIPPED - 2);
    for _ in 0..3 {
        assert_eq!(fail(&breaker, Admission::Admitted, limits, now), []);
        assert_eq!(breaker.streak(), TRIPPED - 1);
    }
    assert_eq!(admit(&breaker, now), Admission::Admitted);
}

/// Where a rule of the config exempts some events of a handler.
#[test]
fn what_others_have_opened_does_not_stop_a_call_that_is_never_quarantined() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    let exempt = || breaker.admit(false, EVERYBODY, || now.into());
    trip(&breaker, now);
    assert_eq!(exempt(), Admission::Admitted);
    assert_eq!(admit(&breaker, now + LIMITS.cooldown), Admission::Probe);
    assert_eq!(exempt(), Admission::Admitted);
    assert_eq!(
        admit(&breaker, now),
        Admission::Refused,
        "it is still probed"
    );
    assert_eq!(changes(&breaker), []);
}

/// A call that began before the breaker opened, and ends while another one is the probe.
#[test]
fn only_the_probe_answers() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    trip(&breaker, now);
    assert_eq!(admit(&breaker, now + LIMITS.cooldown), Admission::Probe);
    assert_eq!(fail(&breaker, Admission::Admitted, LIMITS, now), []);
    assert_eq!(succeed(&breaker, Admission::Admitted), []);
    assert!(breaker.is_tripped());
    assert_eq!(succeed(&breaker, Admission::Probe), [Change::Readmitted]);
}

#[test]
fn one_probe_after_the_cooldown_readmits() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    trip(&breaker, now);
    assert_eq!(admit(&breaker, now), Admission::Refused);
    let later = now + LIMITS.cooldown;
    assert_eq!(admit(&breaker, later), Admission::Probe);
    assert_eq!(admit(&breaker, later), Admission::Refused, "only one");
    assert_eq!(succeed(&breaker, Admission::Probe), [Change::Readmitted]);
    assert_eq!(admit(&breaker, later), Admission::Admitted);
}

#[test]
fn a_failed_probe_doubles_the_cooldown_up_to_the_ceiling() {
    let (breaker, mut now) = (Breaker::new(), Instant::now());
    trip(&breaker, now);
    for seconds in [2, 3, 3] {
        now += Duration::from_secs(60);
        assert_eq!(admit(&breaker, now), Admission::Probe);
        let cooldown = Duration::from_secs(seconds);
        let changes = fail(&breaker, Admission::Probe, LIMITS, now);
        assert_eq!(changes, quarantined(cooldown));
        assert_eq!(admit(&breaker, now), Admission::Refused);
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

/// A pause and the end are others' word: no streak, no quarantine and no reset takes it back.
#[test]
fn a_pause_outlasts_what_the_breaker_does() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    breaker.pause(true);
    trip(&breaker, now);
    assert!(breaker.is_paused() && breaker.is_tripped());
    breaker.reset();
    assert!(breaker.is_paused() && !breaker.is_tripped());
    breaker.open_by_hand(LIMITS.cooldown, now.into());
    assert!(breaker.is_paused() && breaker.is_open_by_hand());
    breaker.close();
    breaker.pause(false);
    breaker.reset();
    assert!(!breaker.is_paused());
    assert!(!breaker.is_calm(), "the gate is closed");
}

#[test]
fn a_cooldown_below_the_precision_of_the_clock_is_looked_at() {
    let breaker = Breaker::new();
    let limits = Limits {
        failures: 1,
        cooldown: clock::LAG,
        ..LIMITS
    };
    fail(&breaker, Admission::Admitted, limits, Instant::now());
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
    assert_eq!(admit(&breaker, Instant::now()), Admission::Probe);
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
    let changes = fail(&breaker, Admission::Admitted, limits, now);
    assert_eq!(changes, quarantined(Duration::MAX));
    let much_later = now + Duration::from_secs(50 * 365 * 24 * 3600);
    assert_eq!(admit(&breaker, much_later), Admission::Refused);
}

#[test]
fn a_probe_without_an_answer_is_tried_again() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    trip(&breaker, now);
    let later = now + LIMITS.cooldown;
    assert_eq!(admit(&breaker, later), Admission::Probe);
    breaker.undecided(Admission::Probe, || later.into());
    assert_eq!(admit(&breaker, later), Admission::Probe);
}

#[test]
fn opened_by_hand_it_refuses_every_call_for_exactly_that_time() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    breaker.open_by_hand(LIMITS.cooldown, now.into());
    assert!(breaker.is_tripped() && breaker.is_open_by_hand() && breaker.stays_open());
    let told = Change::Quarantined {
        cooldown: LIMITS.cooldown,
        is_by_hand: true,
    };
    assert_eq!(changes(&breaker), [told]);
    let just_before = now + Duration::from_nanos(999_999_999);
    for is_quarantinable in [true, false] {
        let admission = breaker.admit(is_quarantinable, EVERYBODY, || just_before.into());
        assert_eq!(admission, Admission::Refused);
    }
    assert_eq!(admit(&breaker, now + LIMITS.cooldown), Admission::Probe);
    assert!(!breaker.is_open_by_hand(), "on probation like any other");
    let failed = fail(&breaker, Admission::Probe, LIMITS, now);
    assert_eq!(failed, quarantined(LIMITS.cooldown), "and not doubled");
}

/// What is never quarantined by itself needs no probe to come back.
#[test]
fn opened_by_hand_it_lets_calls_through_again_that_it_never_stops_by_itself() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    breaker.open_by_hand(LIMITS.cooldown, now.into());
    let later = now + LIMITS.cooldown;
    let admission = breaker.admit(false, EVERYBODY, || later.into());
    assert_eq!(admission, Admission::Admitted);
    assert!(!breaker.is_tripped());
    assert_eq!(changes(&breaker).last(), Some(&Change::Readmitted));
}

#[test]
fn a_probe_that_works_does_not_undo_what_was_done_by_hand_meanwhile() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    trip(&breaker, now);
    let later = now + LIMITS.cooldown;
    assert_eq!(admit(&breaker, later), Admission::Probe);
    breaker.open_by_hand(LIMITS.cooldown, later.into());
    assert!(!breaker.succeeded(Admission::Probe, EVERYBODY));
    assert!(breaker.is_open_by_hand());
    breaker.reset();
    let told = changes(&breaker);
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[1], Change::Readmitted);
    breaker.reset();
    assert_eq!(changes(&breaker), [], "it is closed already");
}

/// Whoever comes while another one tells leaves it what there is to tell.
#[test]
fn changes_are_told_one_by_one_in_their_order() {
    let (breaker, now) = (Breaker::new(), Instant::now());
    let told = std::cell::RefCell::new(Vec::new());
    breaker.open_by_hand(LIMITS.cooldown, now.into());
    breaker.tell_changes(|change, _| {
        if told.borrow().is_empty() {
            breaker.reset();
            breaker.tell_changes(|_, _| unreachable!("while it is told"));
        }
        told.borrow_mut().push(change);
    });
    let told = told.into_inner();
    assert!(
        matches!(told[..], [Change::Quarantined { .. }, Change::Readmitted]),
        "{told:?}"
    );
}

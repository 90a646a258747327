//! Opening: once for all who ask, with a deadline, and with the cause where it fails.

use std::{io, sync::Barrier, thread, time::Duration};

use gambeson::{DownCause, Readiness, Resource, Restart, SkipReason};
use gambeson_tests::PATIENCE;

use super::{
    Opened,
    signal::{Census, Counted, Signal},
};

#[test]
fn sixty_four_threads_open_once() {
    static CALLED: Signal = Signal::new();
    static GO: Signal = Signal::new();
    static POOL: Resource<u32> = Resource::with_opener("pool", || {
        CALLED.raise();
        GO.wait(1);
        Opened::Ok(7)
    });
    let together = Barrier::new(65);
    thread::scope(|scope| {
        let callers: Vec<_> = (0..64)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    POOL.ensure_started_within(PATIENCE)?;
                    Ok::<_, gambeson::NotStarted>(POOL.lease().map(|lease| *lease))
                })
            })
            .collect();
        together.wait();
        CALLED.wait(1);
        GO.raise();
        for caller in callers {
            assert_eq!(caller.join().unwrap(), Ok(Ok(7)));
        }
    });
    assert_eq!(CALLED.count(), 1);
    assert_eq!(POOL.ensure_started(), Ok(()), "it is there already");
    assert_eq!(CALLED.count(), 1);
    assert_eq!(POOL.revoke(PATIENCE).outstanding, 0);
}

#[test]
fn a_slow_opener_hits_the_deadline_and_its_value_is_taken_later() {
    static GO: Signal = Signal::new();
    static SLOW: Resource<u32> = Resource::with_opener("slow", || {
        GO.wait(1);
        Opened::Ok(7)
    });
    for deadline in [Duration::ZERO, Duration::from_millis(3)] {
        let error = SLOW.ensure_started_within(deadline).unwrap_err();
        assert_eq!(error.reason(), SkipReason::TimedOut);
        assert_eq!(
            error.to_string(),
            format!("resource `slow` could not be started: still being opened after {deadline:?}")
        );
    }
    let refused = SLOW.lease().unwrap_err();
    assert_eq!(refused.reason(), SkipReason::Unavailable);
    GO.raise();
    assert_eq!(SLOW.ensure_started_within(Duration::MAX), Ok(()));
    assert_eq!(*SLOW.lease().unwrap(), 7);
    SLOW.revoke(PATIENCE);
}

#[test]
fn a_value_that_comes_after_a_revocation_is_given_back() {
    static CALLED: Signal = Signal::new();
    static GO: Signal = Signal::new();
    static VALUES: Census = Census::new();
    static LATE: Resource<Counted> = Resource::with_opener("late", || {
        CALLED.raise();
        GO.wait(1);
        Opened::Ok(VALUES.bear())
    });
    thread::scope(|scope| {
        let waits = scope.spawn(|| LATE.ensure_started_within(PATIENCE));
        CALLED.wait(1);
        assert_eq!(LATE.revoke(Duration::ZERO).outstanding, 0);
        let error = waits.join().unwrap().unwrap_err();
        assert_eq!(
            (error.reason(), error.cause().text()),
            (SkipReason::ShuttingDown, "revoked")
        );
    });
    GO.raise();
    VALUES.wait((1, 1));
    assert_eq!(LATE.readiness(), Readiness::NotReady);
    assert!(LATE.monitor().try_next().is_none(), "it never was there");
    assert_eq!(LATE.ensure_started_within(PATIENCE), Ok(()));
    assert_eq!((CALLED.count(), VALUES.counts()), (2, (2, 1)));
    assert_eq!(LATE.revoke(PATIENCE).outstanding, 0);
    assert_eq!(VALUES.counts(), (2, 2));
}

/// Who asks after a revocation, while the opener still runs, is answered by the next attempt.
#[test]
fn a_new_start_does_not_take_the_value_of_the_attempt_that_was_revoked() {
    static CALLED: Signal = Signal::new();
    static GO: Signal = Signal::new();
    static NUMBERED: Resource<usize> = Resource::with_opener("numbered", || {
        CALLED.raise();
        let attempt = CALLED.count();
        GO.wait(attempt);
        Opened::Ok(attempt)
    });
    let error = NUMBERED.ensure_started_within(Duration::ZERO).unwrap_err();
    assert_eq!(error.reason(), SkipReason::TimedOut);
    CALLED.wait(1);
    NUMBERED.revoke(Duration::ZERO);
    let error = NUMBERED.ensure_started_within(Duration::ZERO).unwrap_err();
    assert_eq!(error.reason(), SkipReason::TimedOut);
    GO.raise();
    CALLED.wait(2);
    assert!(!NUMBERED.is_available());
    GO.raise();
    NUMBERED.wait_ready(PATIENCE).unwrap();
    assert_eq!(*NUMBERED.lease().unwrap(), 2);
    NUMBERED.revoke(PATIENCE);
}

#[test]
fn a_failure_is_told_with_its_reason_and_its_words() {
    static ERROR: Resource<u32> =
        Resource::with_opener("error", || Err(io::Error::from(io::ErrorKind::NotFound)))
            .restart(Restart::never());
    static PANIC: Resource<u32> =
        Resource::with_opener("panic", || -> Opened<u32> { panic!("no key") })
            .restart(Restart::never());
    static NOBODY: Resource<u32> = Resource::new("nobody");
    let error = ERROR.ensure_started_within(PATIENCE).unwrap_err();
    assert_eq!(error.reason(), SkipReason::StateUnavailable);
    assert_eq!(
        error.to_string(),
        "resource `error` could not be started: entity not found"
    );
    assert_eq!(ERROR.readiness(), Readiness::Failed);
    assert_eq!(ERROR.lease().unwrap_err().cause(), Some(error.cause()));
    let error = PANIC.ensure_started_within(PATIENCE).unwrap_err();
    assert_eq!(error.reason(), SkipReason::Unavailable);
    assert_eq!(error.cause().text(), "the opener panicked: no key");
    let error = NOBODY.ensure_started_within(PATIENCE).unwrap_err();
    assert_eq!(
        error.to_string(),
        "resource `nobody` could not be started: it has no opener, and nobody has provided it"
    );
}

#[test]
fn waiting_for_what_nobody_provides_ends_at_the_deadline() {
    static NEVER: Resource<u32> = Resource::new("never");
    let error = NEVER.wait_ready(Duration::from_millis(2)).unwrap_err();
    assert_eq!(
        (error.reason(), error.cause().text()),
        (SkipReason::TimedOut, "nobody has provided it after 2ms")
    );
    let provided = NEVER.provide(1);
    NEVER.crash("it broke");
    drop(provided);
    let error = NEVER.wait_ready(Duration::ZERO).unwrap_err();
    assert_eq!(error.cause().text(), "still down (it broke) after 0ns");
}

/// The thing the abandoned opener watches is not what the provided value stands on.
#[test]
fn a_value_that_is_provided_meanwhile_wins() {
    static CALLED: Signal = Signal::new();
    static GO: Signal = Signal::new();
    static TOLD: Signal = Signal::new();
    static VALUES: Census = Census::new();
    static RIVAL: Resource<Counted> = Resource::with_opener("rival", || {
        CALLED.raise();
        GO.wait(1);
        let watch = RIVAL.watch_by_hand();
        watch.ended("what was opened in vain");
        drop(RIVAL.watch_by_hand());
        TOLD.raise();
        Opened::Ok(VALUES.bear())
    });
    let _ = RIVAL.ensure_started_within(Duration::ZERO);
    CALLED.wait(1);
    let provided = RIVAL.provide(VALUES.bear());
    let mut monitor = RIVAL.monitor();
    GO.raise();
    TOLD.wait(1);
    VALUES.wait((2, 1));
    assert_eq!(monitor.try_next(), None);
    assert_eq!(RIVAL.readiness(), Readiness::Ready);
    drop(provided);
    assert_eq!(VALUES.counts(), (2, 2));
}

#[test]
fn what_dies_before_it_is_there_was_never_there() {
    static VALUES: Census = Census::new();
    static STILLBORN: Resource<Counted> = Resource::with_opener("stillborn", || {
        let cause = DownCause::new(SkipReason::PeerDead, "the server is dead");
        STILLBORN.watch_by_hand().ended(cause);
        STILLBORN.watch_by_hand().ended("this came later");
        Opened::Ok(VALUES.bear())
    })
    .restart(Restart::never());
    let mut monitor = STILLBORN.monitor();
    let error = STILLBORN.ensure_started_within(PATIENCE).unwrap_err();
    assert_eq!(
        (error.reason(), error.cause().text()),
        (SkipReason::PeerDead, "the server is dead")
    );
    assert_eq!(STILLBORN.readiness(), Readiness::Failed);
    assert_eq!(monitor.try_next(), None);
    VALUES.wait((1, 1));
}

#[test]
fn a_watch_that_is_lost_before_the_value_is_there_leaves_it_stale() {
    static UNWATCHED: Resource<u32> = Resource::with_opener("unwatched", || {
        drop(UNWATCHED.watch_by_hand());
        Opened::Ok(1)
    });
    UNWATCHED.ensure_started_within(PATIENCE).unwrap();
    assert_eq!(UNWATCHED.readiness(), Readiness::Stale);
    assert_eq!(*UNWATCHED.lease().unwrap(), 1);
    let health = UNWATCHED.health();
    assert_eq!(health.cause.as_deref(), Some("nobody watches it any more"));
    UNWATCHED.revoke(PATIENCE);
}

#[test]
fn the_opener_is_inside_the_runtime_of_whoever_asked() {
    static RUNTIMES: Resource<tokio::runtime::Id> = Resource::with_opener("runtimes", || {
        tokio::runtime::Handle::try_current().map(|handle| handle.id())
    })
    .restart(Restart::never());
    let error = RUNTIMES.ensure_started_within(PATIENCE).unwrap_err();
    assert_eq!(error.reason(), SkipReason::ShuttingDown, "there is none");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let guard = runtime.enter();
    RUNTIMES.ensure_started_within(PATIENCE).unwrap();
    drop(guard);
    assert_eq!(*RUNTIMES.lease().unwrap(), runtime.handle().id());
    RUNTIMES.revoke(PATIENCE);
}

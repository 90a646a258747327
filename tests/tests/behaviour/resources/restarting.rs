//! Coming back: by itself, for as long as the policy has room, and by hand.

use std::time::Duration;

use gambeson::{Readiness, Resource, Restart, SkipReason};
use gambeson_tests::{PATIENCE, wait_until};

use super::{Opened, signal::Signal};

/// At once, and as often as it likes.
const AT_ONCE: Restart = Restart::new().backoff(Duration::ZERO, Duration::ZERO);

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn it_comes_back_after_each_death_and_after_each_failure() {
    static OPENED: Signal = Signal::new();
    static PHOENIX: Resource<usize> = Resource::with_opener("phoenix", || {
        OPENED.raise();
        match OPENED.count() {
            2..=4 => Err("still ashes"),
            attempt => Ok(attempt),
        }
    })
    .restart(AT_ONCE);
    let mut monitor = PHOENIX.monitor();
    PHOENIX.ensure_started_within(PATIENCE).unwrap();
    assert!(PHOENIX.crash("burnt"));
    PHOENIX.wait_ready(PATIENCE).unwrap();
    assert_eq!(*PHOENIX.lease().unwrap(), 5);
    assert_eq!(monitor.try_next().unwrap().cause, "burnt");
    assert_eq!(
        monitor.try_next(),
        None,
        "what cannot be opened does not die"
    );
    PHOENIX.revoke(PATIENCE);
}

#[test]
fn without_a_policy_it_comes_only_when_it_is_asked_for() {
    static OPENED: Signal = Signal::new();
    static SHY: Resource<u32> = Resource::with_opener("shy", || {
        OPENED.raise();
        Opened::Ok(1)
    })
    .restart(Restart::never());
    SHY.ensure_started_within(PATIENCE).unwrap();
    assert!(SHY.crash("scared"));
    let error = SHY.wait_ready(Duration::from_millis(50)).unwrap_err();
    assert_eq!(error.cause().text(), "still down (scared) after 50ms");
    assert_eq!(OPENED.count(), 1);
    SHY.ensure_started_within(PATIENCE).unwrap();
    assert_eq!(OPENED.count(), 2);
    SHY.revoke(PATIENCE);
}

/// One that dies too often stays down until somebody looks after it; then it has all its restarts
/// again.
#[test]
fn it_is_given_up_once_it_dies_too_often() {
    static LEMMING: Resource<u32> =
        Resource::with_opener("lemming", || Opened::Ok(1)).restart(AT_ONCE.at_most(2, HOUR));
    let use_up = || {
        for _ in 0..2 {
            assert!(LEMMING.crash("fell"));
            LEMMING.wait_ready(PATIENCE).unwrap();
        }
        assert!(LEMMING.crash("fell again"));
        let refused = LEMMING.lease().unwrap_err();
        assert_eq!(
            refused.cause().unwrap().text(),
            "gave up after 2 restarts within 3600s, until it is started by hand: fell again"
        );
        assert_eq!(LEMMING.readiness(), Readiness::Failed);
        let error = LEMMING.wait_ready(Duration::from_millis(30)).unwrap_err();
        assert_eq!(error.reason(), SkipReason::TimedOut);
    };
    LEMMING.ensure_started_within(PATIENCE).unwrap();
    use_up();
    LEMMING.ensure_started_within(PATIENCE).unwrap();
    use_up();
    let provided = LEMMING.provide(2);
    use_up();
    drop(provided);
    LEMMING.revoke(PATIENCE);
}

#[test]
fn a_ceiling_of_none_gives_up_at_once() {
    static GLASS: Resource<u32> =
        Resource::with_opener("glass", || Opened::Ok(1)).restart(AT_ONCE.at_most(0, HOUR));
    GLASS.ensure_started_within(PATIENCE).unwrap();
    assert!(GLASS.crash("broken"));
    assert_eq!(
        GLASS.lease().unwrap_err().cause().unwrap().text(),
        "gave up after 0 restarts within 3600s, until it is started by hand: broken"
    );
}

/// A failing opener without a delay is not called without end.
#[test]
fn an_opener_that_fails_has_time_to_breathe() {
    static OPENED: Signal = Signal::new();
    static BROKEN: Resource<u32> = Resource::with_opener("broken", || {
        OPENED.raise();
        Err::<u32, _>("broken")
    })
    .restart(AT_ONCE);
    let started = std::time::Instant::now();
    let _ = BROKEN.ensure_started_within(PATIENCE);
    OPENED.wait(20);
    let count = OPENED.count();
    assert!(
        started.elapsed() >= Duration::from_millis(1) * u32::try_from(count - 2).unwrap(),
        "{count} in {:?}",
        started.elapsed()
    );
    BROKEN.revoke(PATIENCE);
}

#[test]
fn a_revocation_ends_what_would_open_it_again() {
    static OPENED: Signal = Signal::new();
    static ENDED: Resource<u32> = Resource::with_opener("ended", || {
        OPENED.raise();
        Err::<u32, _>("not yet")
    })
    .restart(Restart::new().backoff(HOUR, HOUR));
    assert_eq!(
        ENDED
            .ensure_started_within(PATIENCE)
            .unwrap_err()
            .to_string(),
        "resource `ended` could not be started: not yet"
    );
    ENDED.revoke(PATIENCE);
    assert_eq!(
        ENDED.lease().unwrap_err().reason(),
        SkipReason::ShuttingDown
    );
    wait_until("its thread has ended", PATIENCE, || {
        !threads().contains("open ended")
    });
    assert_eq!(OPENED.count(), 1);
}

/// The names of the threads of this process.
fn threads() -> String {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.collect()
}

//! Cooldowns on a clock that the test drives: exact, and no test waits for one.

use std::sync::Barrier;

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_nanos(1);

/// Shortened by a quarter at the most, doubled with each probe that fails, up to the ceiling.
#[test]
fn the_cooldown_doubles_within_its_bounds() {
    let config = Config::default()
        .with_quarantine_after(1, LONG)
        .with_cooldown(SECOND, 4 * SECOND);
    let broken = Arc::new(AtomicBool::new(true));
    let (telemetry, clock) = driven(config, [switched(&broken)]);
    assert_eq!(call(&telemetry), UNEXPECTED);
    for cooldown in [1, 2, 4, 4, 4].map(|seconds| seconds * SECOND) {
        let least = cooldown * 3 / 4;
        clock.advance(least.saturating_sub(TICK));
        assert_eq!(call(&telemetry), QUARANTINED, "before {least:?}");
        clock.advance(cooldown / 4 + TICK);
        assert_eq!(call(&telemetry), UNEXPECTED, "the probe after {cooldown:?}");
        assert_eq!(call(&telemetry), QUARANTINED, "the probe has failed");
    }
    broken.store(false, Ordering::SeqCst);
    clock.advance(4 * SECOND);
    assert_eq!(call(&telemetry), None);
    assert_eq!(state(&telemetry), HandlerState::Attached);
}

/// Failures that are further apart than `within` are no run.
#[test]
fn failures_far_apart_are_no_run() {
    let config = Config::default().with_quarantine_after(2, SECOND);
    let broken = Arc::new(AtomicBool::new(true));
    let (telemetry, clock) = driven(config, [switched(&broken)]);
    for _ in 0..10 {
        assert_eq!(call(&telemetry), UNEXPECTED);
        clock.advance(SECOND + TICK);
    }
    assert_eq!(call(&telemetry), UNEXPECTED);
    assert_eq!(call(&telemetry), UNEXPECTED);
    assert_eq!(call(&telemetry), QUARANTINED);
}

/// Of eight threads that come when the cooldown is over, exactly one is the probe; it ends only
/// when the seven others have been refused.
#[test]
fn of_eight_threads_one_is_the_probe() {
    const ROUNDS: u64 = 50;
    let refused = Arc::new(AtomicU64::new(0));
    let (all, probes) = (Arc::clone(&refused), AtomicU64::new(0));
    let till = Handler::new("till", "shop.opened", move |_| {
        let round = probes.fetch_add(1, Ordering::SeqCst);
        wait_until("the others are refused", PATIENCE, || {
            all.load(Ordering::SeqCst) == 7 * round
        });
        Err::<(), _>("broken")
    });
    let (telemetry, clock) = driven(config(1, SECOND), [till]);
    assert_eq!(call(&telemetry), UNEXPECTED);
    for round in 1..=ROUNDS {
        clock.advance(SECOND);
        let (start, telemetry, refused) = (Barrier::new(8), &telemetry, &refused);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    if call(telemetry) == QUARANTINED {
                        refused.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(refused.load(Ordering::SeqCst), 7 * round);
    }
    assert_eq!(
        tally(&telemetry.report(), "till"),
        format!(
            "{} = 0 handled + {} quarantined + {} unexpected",
            1 + 8 * ROUNDS,
            7 * ROUNDS,
            1 + ROUNDS
        )
    );
}

//! G5: a failing handler is quarantined, probed and readmitted; it is never lost.

mod by_hand;
mod counting;
mod driven;
mod told;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use gambeson::{
    Clock, Config, Event, Handler, HandlerState, Quarantine, Resource, SkipReason, Telemetry,
};
use gambeson_tests::{PATIENCE, tally, wait_until};

use crate::{boom, started, started_with};

/// A handler that fails while the switch says so.
fn switched(broken: &Arc<AtomicBool>) -> Handler {
    let broken = Arc::clone(broken);
    Handler::new("till", "shop.opened", move |_| {
        if broken.load(Ordering::SeqCst) {
            Err("broken")
        } else {
            Ok(())
        }
    })
}

/// A telemetry of these handlers alone, on a clock that the test drives.
fn driven(config: Config, handlers: impl IntoIterator<Item = Handler>) -> (Telemetry, Clock) {
    let clock = Clock::new();
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let builder = builder.config(config).clock(&clock);
    let builder = handlers
        .into_iter()
        .fold(builder, gambeson::Builder::handler);
    (builder.start().unwrap(), clock)
}

fn call(telemetry: &Telemetry) -> Option<SkipReason> {
    telemetry
        .call("till", &Event::new("shop.opened", &[], &[]))
        .reason()
}

fn state(telemetry: &Telemetry) -> HandlerState {
    telemetry.report().handler("till").unwrap().state
}

const UNEXPECTED: Option<SkipReason> = Some(SkipReason::Unexpected);
const QUARANTINED: Option<SkipReason> = Some(SkipReason::Quarantined);

/// One cooldown that no test outlives, and one that is over at once.
const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(1);

fn config(failures: u32, cooldown: Duration) -> Config {
    Config::default()
        .with_quarantine_after(failures, LONG)
        .with_cooldown(cooldown, cooldown)
}

#[test]
fn five_failures_in_a_row_by_default() {
    let telemetry =
        started([Handler::new("till", "shop.opened", boom)
            .quarantine(Quarantine::INHERIT.cooldown("1h"))]);
    for _ in 0..5 {
        assert_eq!(call(&telemetry), UNEXPECTED);
    }
    assert_eq!(call(&telemetry), QUARANTINED);
    assert_eq!(state(&telemetry), HandlerState::Quarantined);
    assert_eq!(
        tally(&telemetry.report(), "till"),
        "6 = 0 handled + 1 quarantined + 5 unexpected"
    );
}

#[test]
fn a_success_between_failures_begins_the_count_anew() {
    let broken = Arc::new(AtomicBool::new(true));
    let telemetry = started_with(config(3, LONG), [switched(&broken)]);
    for _ in 0..10 {
        broken.store(true, Ordering::SeqCst);
        assert_eq!(call(&telemetry), UNEXPECTED);
        assert_eq!(call(&telemetry), UNEXPECTED);
        broken.store(false, Ordering::SeqCst);
        assert_eq!(call(&telemetry), None);
    }
}

#[test]
fn readmitted_by_a_probe_that_works() {
    let broken = Arc::new(AtomicBool::new(true));
    let telemetry = started_with(config(1, SHORT), [switched(&broken)]);
    assert_eq!(call(&telemetry), UNEXPECTED);
    broken.store(false, Ordering::SeqCst);
    wait_until("it is readmitted", PATIENCE, || call(&telemetry).is_none());
    assert_eq!(state(&telemetry), HandlerState::Attached);
    assert_eq!(call(&telemetry), None);
}

/// While it is broken only probes reach it, one for each cooldown.
#[test]
fn a_probe_that_fails_keeps_it_out() {
    let broken = Arc::new(AtomicBool::new(true));
    let telemetry = started_with(config(1, SHORT), [switched(&broken)]);
    for _ in 0..3 {
        wait_until("a probe", PATIENCE, || call(&telemetry) == UNEXPECTED);
        assert_eq!(state(&telemetry), HandlerState::Quarantined);
    }
    let report = telemetry.report();
    let counts = report.handler("till").unwrap();
    assert_eq!(
        (counts.handled, counts.skipped(SkipReason::Unexpected)),
        (0, 3)
    );
    assert!(counts.is_conserved());
}

#[test]
fn reset_ends_it_by_hand() {
    let broken = Arc::new(AtomicBool::new(true));
    let telemetry = started_with(config(1, LONG), [switched(&broken)]);
    assert_eq!(call(&telemetry), UNEXPECTED);
    assert_eq!(call(&telemetry), QUARANTINED);
    broken.store(false, Ordering::SeqCst);
    telemetry.reset("till").unwrap();
    assert_eq!(call(&telemetry), None);
    assert_eq!(
        tally(&telemetry.report(), "till"),
        "3 = 1 handled + 1 quarantined + 1 unexpected"
    );
}

/// A resource that is gone says nothing about the handler.
#[test]
fn refused_leases_and_pauses_do_not_count() {
    static GONE: Resource<()> = Resource::new("quarantine_gone");
    let telemetry = started_with(
        config(1, LONG),
        [Handler::new("till", "shop.opened", |_| ()).needs(&GONE)],
    );
    for _ in 0..4 {
        assert_eq!(call(&telemetry), Some(SkipReason::Unavailable));
    }
    telemetry.pause("till").unwrap();
    assert_eq!(call(&telemetry), Some(SkipReason::Disabled));
    telemetry.resume("till").unwrap();
    let _back = GONE.provide(());
    assert_eq!(call(&telemetry), None);
}

#[test]
fn a_handlers_own_limits_win_over_the_config() {
    let two = Handler::new("till", "shop.opened", boom).quarantine(Quarantine::INHERIT.failures(2));
    let telemetry = started_with(config(1, LONG), [two]);
    assert_eq!(
        [call(&telemetry), call(&telemetry), call(&telemetry)],
        [UNEXPECTED, UNEXPECTED, QUARANTINED]
    );

    let never = Handler::new("till", "shop.opened", boom).quarantine(Quarantine::OFF);
    let telemetry = started_with(config(1, LONG), [never]);
    for _ in 0..20 {
        assert_eq!(call(&telemetry), UNEXPECTED);
    }
}

/// Of many threads at once, one is the probe and the others are refused.
#[test]
fn one_probe_at_a_time() {
    let (probing, broken) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(true)));
    let most = Arc::new(AtomicU64::new(0));
    let (inside, seen, fails) = (Arc::clone(&probing), Arc::clone(&most), Arc::clone(&broken));
    let handler = Handler::new("till", "shop.opened", move |_| {
        let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
        if fails.load(Ordering::SeqCst) {
            seen.fetch_max(now, Ordering::SeqCst);
        }
        std::thread::yield_now();
        inside.fetch_sub(1, Ordering::SeqCst);
        if fails.load(Ordering::SeqCst) {
            Err("broken")
        } else {
            Ok(())
        }
    });
    let telemetry = started_with(config(1, SHORT), [handler]);
    assert_eq!(call(&telemetry), UNEXPECTED);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..500).for_each(|_| _ = call(&telemetry)));
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert!(telemetry.report().handler("till").unwrap().is_conserved());
}

//! Closures that other libraries call, defended by name.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

use gambeson::{
    Config, Defense, HandlerState, Outcome, Quarantine, Skip, SkipReason, Status, Telemetry,
    defend, defend_or,
};
use gambeson_tests::{PATIENCE, tally, wait_until};

fn isolated() -> Telemetry {
    Telemetry::isolated()
}

#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error("the peer is gone")]
    Peer(#[from] io::Error),
    #[error(transparent)]
    Skipped(#[from] Skip),
}

fn broken_pipe() -> SendError {
    io::Error::from(io::ErrorKind::BrokenPipe).into()
}

#[test]
fn a_skip_is_what_the_type_makes_of_it() {
    let telemetry = isolated();
    telemetry.enter(|| {
        let unit = defend("unit", |fails: bool| assert!(!fails));
        unit(false);
        unit(true);
        let outcome = defend("outcome", |fails: bool| {
            assert!(!fails);
            Outcome::Handled(7)
        });
        assert_eq!(outcome(false).handled(), Some(7));
        assert_eq!(outcome(true).reason(), Some(SkipReason::ContractViolation));
        let result = defend("result", |fails: bool| {
            assert!(!fails);
            Ok::<_, SendError>(7)
        });
        assert_eq!(result(false).unwrap(), 7);
        let skipped = result(true).unwrap_err();
        assert!(matches!(&skipped, SendError::Skipped(skip) if skip.handler() == Some("result")));
        let filter = defend_or(
            "filter",
            |fails: bool| Some(!fails).filter(|_| !panics(fails)),
            |_| None,
        );
        assert_eq!((filter(false), filter(true)), (Some(true), None));
    });
    let report = telemetry.report();
    for name in ["unit", "outcome", "result", "filter"] {
        let counts = "2 = 1 handled + 1 contract_violation";
        assert_eq!(tally(&report, name), counts, "{name}");
    }
}

fn panics(fails: bool) -> bool {
    assert!(!fails);
    false
}

#[test]
fn an_error_is_counted_and_passes_unchanged() {
    let telemetry = isolated();
    telemetry.enter(|| {
        let send = defend("send", |(): ()| Err::<(), _>(broken_pipe()));
        assert!(matches!(send(()), Err(SendError::Peer(_))));
        // Without a way from a skip, the fallback says what stands for one.
        let flush = Defense::new("flush");
        let failed = flush.try_run_or(
            || Err::<(), _>(io::Error::from(io::ErrorKind::BrokenPipe)),
            |_| Err(io::ErrorKind::Other.into()),
        );
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        let panicked = flush.try_run_or(
            || -> io::Result<()> { panic!("no disk") },
            |skip| Err(io::Error::other(skip)),
        );
        assert_eq!(panicked.unwrap_err().kind(), io::ErrorKind::Other);
        // Without judging, an error is a value like any other.
        let plain = Defense::new("plain");
        assert!(plain.run_or(|| Err::<(), _>("no"), |_| Ok(())).is_err());
    });
    let report = telemetry.report();
    assert_eq!(tally(&report, "send"), "1 = 0 handled + 1 peer_dead");
    let flush = "2 = 0 handled + 1 peer_dead + 1 unexpected";
    assert_eq!(tally(&report, "flush"), flush);
    assert_eq!(tally(&report, "plain"), "1 = 1 handled");
}

/// Handed to a thread that knows nothing of the telemetry, it keeps the one that it was made in.
#[test]
fn a_closure_keeps_the_telemetry_that_was_entered() {
    let telemetry = isolated();
    let other = isolated();
    let closure = telemetry.enter(|| defend("kept", |n: u32| assert!(n < 2)));
    thread::spawn(move || {
        closure(1);
        other.enter(|| closure(2));
        assert!(other.report().handler("kept").is_none());
    })
    .join()
    .unwrap();
    let counts = "2 = 1 handled + 1 contract_violation";
    assert_eq!(tally(&telemetry.report(), "kept"), counts);
}

/// Made outside of any, each call belongs to the telemetry that its thread entered.
#[test]
fn a_closure_of_nobody_goes_by_its_callers() {
    let (first, second) = (isolated(), isolated());
    let defense = Defense::new("shared");
    first.enter(|| defense.run(|| ()));
    second.enter(|| {
        defense.run(|| ());
        defense.run(|| -> () { panic!("no luck") });
    });
    assert_eq!(tally(&first.report(), "shared"), "1 = 1 handled");
    let counts = "2 = 1 handled + 1 unexpected";
    assert_eq!(tally(&second.report(), "shared"), counts);
}

/// The process's telemetry: one that is started later, and one after it, get their own calls.
#[test]
fn the_process_telemetry_changes_under_a_closure() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let closure = defend("process_wide", move |(): ()| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    closure(());
    let start = || Telemetry::builder().filter(|_| false).start().unwrap();
    let first = start();
    closure(());
    closure(());
    let report = first.shutdown();
    assert_eq!(tally(&report, "process_wide"), "2 = 2 handled");
    closure(());
    let counts = "3 = 2 handled + 1 shutting_down";
    assert_eq!(tally(&first.report(), "process_wide"), counts);
    let second = start();
    closure(());
    assert_eq!(tally(&second.report(), "process_wide"), "1 = 1 handled");
    assert_eq!(
        calls.load(Ordering::Relaxed),
        4,
        "the call after the shutdown did not run"
    );
}

/// The shutdown ends only when the closure has.
#[test]
fn a_shutdown_waits_for_calls_that_run() {
    let telemetry = isolated();
    let (started, begun) = mpsc::channel();
    let (go_on, gate) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    let ended = Arc::new(AtomicU32::new(0));
    let ending = Arc::clone(&ended);
    let closure = telemetry.enter(|| {
        defend("slow", move |(): ()| {
            started.send(()).unwrap();
            gate.lock().unwrap().recv_timeout(PATIENCE).unwrap();
            ending.store(1, Ordering::Release);
        })
    });
    thread::scope(|scope| {
        scope.spawn(|| closure(()));
        begun.recv_timeout(PATIENCE).unwrap();
        let shutdown = scope.spawn(|| {
            let report = telemetry.shutdown();
            (ended.load(Ordering::Acquire), report)
        });
        let is_closed =
            || telemetry.report().handler("slow").unwrap().state == HandlerState::Detached;
        wait_until("the shutdown has come to it", PATIENCE, is_closed);
        go_on.send(()).unwrap();
        let (ended, report) = shutdown.join().unwrap();
        assert_eq!(ended, 1, "the shutdown did not wait");
        assert_eq!(tally(&report, "slow"), "1 = 1 handled");
    });
}

#[test]
fn it_is_paused_quarantined_and_reset_by_name() {
    let telemetry = isolated();
    let run = telemetry.enter(|| {
        let limits = Quarantine::INHERIT.failures(2).cooldown("1h");
        let defense = Defense::new("callback").quarantine(limits);
        move |fails: bool| defense.run(|| assert!(!fails))
    });
    run(false);
    telemetry.pause("callback").unwrap();
    run(false);
    telemetry.resume("callback").unwrap();
    [true, true, false].into_iter().for_each(&run);
    let state = telemetry.report().handler("callback").unwrap().state;
    assert_eq!(state, HandlerState::Quarantined);
    let health = telemetry.health();
    assert_eq!(health.status, Status::Degraded);
    let [ill] = &health.handlers[..] else {
        panic!("{health}")
    };
    assert_eq!((&*ill.handler, ill.status), ("callback", Status::Down));
    assert_eq!(ill.cause, "quarantined: it failed too often in a row");
    telemetry.reset("callback").unwrap();
    assert_eq!(telemetry.health().status, Status::Well);
    run(false);
    let counts = "6 = 2 handled + 2 contract_violation + 1 quarantined + 1 disabled";
    assert_eq!(tally(&telemetry.report(), "callback"), counts);
}

/// A rule of the config finds it by its name, as it finds a handler.
#[test]
fn closures_of_one_name_share_a_handler() {
    let telemetry = isolated();
    let first = line!() + 2;
    telemetry.enter(|| {
        defend("twice", |(): ()| ())(());
        defend("twice", |(): ()| -> () { panic!("no luck") })(());
    });
    let report = telemetry.report();
    assert_eq!(tally(&report, "twice"), "2 = 1 handled + 1 unexpected");
    let source = &report.handler("twice").unwrap().source;
    assert!(source.ends_with(&format!("defend.rs:{first}")), "{source}");
}

#[test]
fn strict_mode_goes_on_with_the_panic() {
    let strict = Config::default().with_defensive_mode(false);
    let telemetry = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .config(strict)
        .start()
        .unwrap();
    let closure = telemetry.enter(|| defend_or("strict", |(): ()| panic!("boom"), |_| ()));
    let raised = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| closure(())));
    assert_eq!(raised.unwrap_err().downcast_ref(), Some(&"boom"));
    let counts = "1 = 0 handled + 1 unexpected";
    assert_eq!(tally(&telemetry.report(), "strict"), counts);
}

/// Whoever drops the closure is not hurt by what it owns.
#[test]
fn a_closure_may_panic_when_it_is_dropped() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }
    let bomb = Bomb;
    let closure = defend("bomb", move |(): ()| {
        let _kept = &bomb;
    });
    drop(closure);
}

//! Phases: one way through, each step once, whoever asks.

use std::{
    cell::Cell,
    sync::{Mutex, OnceLock, mpsc},
    thread,
};

use gambeson::{AttachError, Handler, Phase, StartError, Telemetry, emit};
use gambeson_tests::{PATIENCE, tally, wait_until};

use crate::{counted, settle, started};

fn quiet() -> Handler {
    Handler::new("till", "shop.opened", |_| ())
}

#[test]
fn a_whole_life() {
    let telemetry = started([quiet()]);
    assert_eq!(telemetry.phase(), Phase::Running);
    telemetry.enter(|| emit!("shop.opened"));
    let first = telemetry.shutdown();
    assert_eq!(
        (first.phase, telemetry.phase()),
        (Phase::Stopped, Phase::Stopped)
    );
    telemetry.enter(|| emit!("shop.opened"));
    let second = telemetry.shutdown();
    assert_eq!(
        first.shutdown, second.shutdown,
        "the second answer is the first"
    );
    assert_eq!(tally(&second, "till"), "1 = 1 handled");
    assert_eq!(
        telemetry.attach(quiet()).unwrap_err(),
        AttachError::NotRunning {
            phase: Phase::Stopped
        }
    );
}

/// The one test that takes the process's place.
#[test]
fn the_process_has_one_telemetry_at_a_time() {
    let start = || {
        Telemetry::builder()
            .filter(|_| false)
            .handler(Handler::new("till", "default.opened", |_| ()))
            .start()
    };
    let first = start().unwrap();
    assert!(matches!(start(), Err(StartError::AlreadyRunning)));
    let isolated = started([Handler::new("aside", "default.opened", |_| ())]);
    emit!("default.opened");
    thread::spawn(|| emit!("default.opened")).join().unwrap();
    isolated.enter(|| emit!("default.opened"));
    assert_eq!(tally(&first.shutdown(), "till"), "2 = 2 handled");
    assert_eq!(tally(&isolated.report(), "aside"), "1 = 1 handled");
    emit!("default.opened");
    assert_eq!(tally(&first.report(), "till"), "2 = 2 handled");

    let second = start().unwrap();
    emit!("default.opened");
    assert_eq!(tally(&second.report(), "till"), "1 = 1 handled");
    drop(second);
    let third = start().expect("a drop shuts down");
    assert_eq!(tally(&third.report(), "till"), "0 = 0 handled");
}

#[test]
fn a_start_that_fails_attaches_nothing() {
    let failing = || {
        Telemetry::builder()
            .isolated()
            .filter(|_| false)
            .handler(quiet())
            .handler(quiet())
            .start()
    };
    assert!(matches!(failing(), Err(StartError::Attach(_))));
    assert!(
        matches!(failing(), Err(StartError::Attach(_))),
        "as often as one likes"
    );
}

/// The handler cannot wait for itself, so the shutdown ends with it as a straggler.
#[test]
fn a_shutdown_from_inside_a_handler() {
    static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();
    static INSIDE: Mutex<Option<(Phase, Vec<String>)>> = Mutex::new(None);
    let handler = Handler::new("stops", "shop.opened", |_| {
        let report = TELEMETRY.get().unwrap().shutdown();
        let stragglers = report
            .shutdown
            .into_iter()
            .flat_map(|shutdown| shutdown.stragglers);
        let names = stragglers.map(|straggler| straggler.handler).collect();
        *INSIDE.lock().unwrap() = Some((report.phase, names));
    });
    let telemetry = TELEMETRY.get_or_init(|| started([handler]));
    telemetry.enter(|| emit!("shop.opened"));
    let inside = INSIDE.lock().unwrap().take();
    assert_eq!(inside, Some((Phase::Stopped, vec!["stops".to_owned()])));
    assert_eq!(tally(&telemetry.report(), "stops"), "1 = 1 handled");
}

/// Whoever comes second waits for the first, and all get the same answer.
#[test]
fn concurrent_shutdowns_agree() {
    let (entered, is_in) = mpsc::channel();
    let (let_go, waits) = mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let telemetry = started([Handler::new("slow", "shop.opened", move |_| {
        entered.send(()).unwrap();
        waits.lock().unwrap().recv().unwrap();
    })]);
    thread::scope(|scope| {
        let let_go = let_go;
        scope.spawn(|| telemetry.enter(|| emit!("shop.opened")));
        is_in.recv().unwrap();
        let shutdowns: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| telemetry.shutdown_within(PATIENCE)))
            .collect();
        wait_until("it drains", PATIENCE, || {
            telemetry.phase() == Phase::Draining
        });
        assert_eq!(
            telemetry.attach(quiet()).unwrap_err(),
            AttachError::NotRunning {
                phase: Phase::Draining
            }
        );
        assert!(shutdowns.iter().all(|shutdown| !shutdown.is_finished()));
        let_go.send(()).unwrap();
        let reports: Vec<_> = shutdowns
            .into_iter()
            .map(|shutdown| shutdown.join().unwrap())
            .collect();
        for report in &reports {
            assert_eq!(report.phase, Phase::Stopped);
            assert_eq!(report.shutdown, reports[0].shutdown);
            assert_eq!(tally(report, "slow"), "1 = 1 handled");
        }
    });
}

/// What a scope that is gone had attached is found by nobody.
#[test]
fn a_dropped_telemetry_leaves_no_observer() {
    let evaluated = Cell::new(0);
    let emission = || emit!("dropped.seen", { n = counted(&evaluated) });
    settle(&evaluated, emission);
    let telemetry = started([Handler::new("till", "dropped.seen", |_| ())]);
    telemetry.enter(emission);
    assert_eq!(evaluated.take(), 1);
    drop(telemetry);
    emission();
    assert_eq!(evaluated.take(), 0);
}

/// A telemetry is shared between threads, and used on both sides of a `catch_unwind`.
#[test]
fn a_telemetry_crosses_threads_and_catches() {
    fn crosses<T: Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>(_: &T) {}
    let telemetry = Telemetry::isolated();
    crosses(&telemetry);
    let caught = std::panic::catch_unwind(|| telemetry.phase());
    assert_eq!(caught.unwrap(), Phase::Running);
}

//! Each key of the configuration changes what the runtime does.

mod rules;

use std::{cell::Cell, sync::mpsc, thread, time::Duration};

use gambeson::{Config, Handler, Report, SkipReason, Telemetry, emit};
use gambeson_tests::{PATIENCE, Records, tally};

use crate::{boom, counted, settle, started_with};

fn parsed(text: &str) -> Config {
    Config::parse(text).expect("a valid config")
}

/// Runs handlers under a config: `events` times `shop.opened`, then one `bank.opened`.
fn run(config: &str, handlers: impl IntoIterator<Item = Handler>, events: usize) -> Report {
    let telemetry = started_with(parsed(config), handlers);
    telemetry.enter(|| {
        for _ in 0..events {
            emit!("shop.opened");
        }
        emit!("bank.opened");
    });
    telemetry.report()
}

fn quiet(name: &str) -> Handler {
    Handler::new(name, "*.opened", |_| ())
}

#[test]
fn enabled() {
    let evaluated = Cell::new(0);
    let emission = || emit!("switched.on", { n = counted(&evaluated) });
    settle(&evaluated, emission);
    let emitted = |config: &str| {
        let handler = Handler::new("till", "switched.on", |_| ());
        let telemetry = started_with(parsed(config), [handler]);
        telemetry.enter(emission);
        (evaluated.take(), tally(&telemetry.report(), "till"))
    };
    let on = emitted("[telemetry]\nenabled = true");
    assert_eq!(on, (1, "1 = 1 handled".to_owned()));
    let off = emitted("[telemetry]\nenabled = false");
    assert_eq!(off, (0, "0 = 0 handled".to_owned()));
}

#[test]
fn defensive_mode() {
    let raises = |config: &str| {
        let telemetry = started_with(parsed(config), [Handler::new("till", "shop.opened", boom)]);
        let emit = std::panic::AssertUnwindSafe(|| telemetry.emit("shop.opened", &[], &[]));
        let raised = std::panic::catch_unwind(emit).is_err();
        (raised, tally(&telemetry.report(), "till"))
    };
    let told = "1 = 0 handled + 1 unexpected".to_owned();
    assert_eq!(
        raises("[telemetry]\ndefensive_mode = true"),
        (false, told.clone())
    );
    assert_eq!(raises("[telemetry]\ndefensive_mode = false"), (true, told));
}

/// The stragglers of a shutdown during which a call runs that ends only after it, or during it.
fn stragglers(config: &str, let_go_first: bool) -> usize {
    let (entered, is_in) = mpsc::channel();
    let (let_go, waits) = mpsc::channel::<()>();
    let waits = std::sync::Mutex::new(waits);
    let handler = Handler::new("slow", "shop.opened", move |_| {
        entered.send(()).unwrap();
        let _ = waits.lock().unwrap().recv();
    });
    let telemetry = started_with(parsed(config), [handler]);
    thread::scope(|scope| {
        let let_go = let_go;
        scope.spawn(|| telemetry.enter(|| emit!("shop.opened")));
        is_in.recv().unwrap();
        let shutdown = scope.spawn(|| telemetry.shutdown());
        if let_go_first {
            gambeson_tests::wait_until("it drains", PATIENCE, || telemetry.handlers().is_empty());
            let_go.send(()).unwrap();
        }
        let report = shutdown.join().unwrap();
        drop(let_go);
        report.shutdown.unwrap().stragglers.len()
    })
}

#[test]
fn graceful_shutdown() {
    assert_eq!(stragglers("[telemetry]\ngraceful_shutdown = true", true), 0);
    assert_eq!(
        stragglers("[telemetry]\ngraceful_shutdown = false", false),
        1
    );
}

#[test]
fn shutdown_deadline() {
    assert_eq!(
        stragglers("[telemetry.shutdown]\ndeadline = \"1ms\"", false),
        1
    );
    assert_eq!(
        stragglers("[telemetry.shutdown]\ndeadline = \"20s\"", true),
        0
    );
}

/// How many skips are recorded of three that are no bug.
fn recorded(config: &str) -> usize {
    let records = Records::new();
    records.capture(|| run(config, [Handler::new("till", "shop.opened", timed_out)], 3));
    records.skips().len()
}

fn timed_out(_: &gambeson::Event<'_>) -> Result<(), std::io::Error> {
    Err(std::io::ErrorKind::TimedOut.into())
}

#[test]
fn debug() {
    assert_eq!(recorded("[telemetry]\ndebug = true"), 3);
    assert_eq!(recorded("[telemetry]\ndebug = false"), 0);
}

#[test]
fn debug_log_burst_and_rate() {
    assert_eq!(
        recorded("[telemetry]\ndebug = true\n[telemetry.debug_log]\nburst = 2\nper_minute = 1"),
        2
    );
    assert_eq!(
        recorded("[telemetry]\ndebug = true\n[telemetry.debug_log]\nburst = 1\nper_minute = 1"),
        1
    );
}

#[test]
fn quarantine() {
    let counts = |failures: u32| {
        let config = format!(
            "[telemetry.quarantine]\nfailures = {failures}\ncooldown = \"1h\"\nmax_cooldown = \"1h\""
        );
        tally(
            &run(&config, [Handler::new("till", "shop.opened", boom)], 4),
            "till",
        )
    };
    assert_eq!(counts(1), "4 = 0 handled + 3 quarantined + 1 unexpected");
    assert_eq!(counts(3), "4 = 0 handled + 1 quarantined + 3 unexpected");
}

/// Failures that are further apart than `within` are never enough.
#[test]
fn quarantine_within() {
    let within = |within: &str| {
        let config = format!(
            "[telemetry.quarantine]\nfailures = 2\ncooldown = \"1h\"\nwithin = \"{within}\""
        );
        let slow = Handler::new("till", "shop.opened", |_| {
            let started = std::time::Instant::now();
            while started.elapsed() < Duration::from_millis(2) {
                thread::yield_now();
            }
            Err("broken")
        });
        let report = run(&config, [slow], 4);
        report
            .handler("till")
            .unwrap()
            .skipped(SkipReason::Quarantined)
    };
    assert_eq!(within("1us"), 0);
    assert_eq!(within("1h"), 2);
}

#[test]
fn quarantine_cooldown() {
    let probes = |cooldown: &str| {
        let config = format!(
            "[telemetry.quarantine]\nfailures = 1\ncooldown = \"{cooldown}\"\nmax_cooldown = \"1h\""
        );
        let report = run(&config, [Handler::new("till", "shop.opened", boom)], 2);
        report
            .handler("till")
            .unwrap()
            .skipped(SkipReason::Unexpected)
    };
    assert_eq!(probes("1h"), 1);
    assert_eq!(probes("1ns"), 2);
}

/// The environment has the last word.
#[test]
fn a_variable_changes_behaviour_too() {
    let variable = ("GAMBESON_TELEMETRY__ENABLED".to_owned(), "false".to_owned());
    let config = Config::default().overlay([variable]).unwrap();
    let telemetry: Telemetry = started_with(config, [quiet("till")]);
    telemetry.enter(|| emit!("shop.opened"));
    assert_eq!(tally(&telemetry.report(), "till"), "0 = 0 handled");
}

//! When something is written, and that nothing is built when it is not.

use std::{
    fmt,
    io::{self, ErrorKind},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use gambeson::{Classify, Config, Event, Handler, Quarantine, defensive_handler, emit, handler};
use gambeson_tests::{Record, Records, tally};

use super::debug;
use crate::{boom, started, started_with};

#[test]
fn the_first_is_shown_and_the_rest_counted() {
    let records = Records::new();
    records.capture(|| {
        let config = debug().with_debug_log_rate(2, 1);
        let telemetry = started_with(
            config,
            [
                Handler::new("a", "shop.opened", boom).quarantine(Quarantine::OFF),
                Handler::new("b", "shop.opened", boom).quarantine(Quarantine::OFF),
            ],
        );
        telemetry.enter(|| (0..1_000).for_each(|_| emit!("shop.opened")));
        assert_eq!(
            tally(&telemetry.report(), "a"),
            "1000 = 0 handled + 1000 unexpected"
        );
    });
    let shown = |handler| {
        records
            .skips()
            .iter()
            .filter(|record| record.field("handler") == Some(handler))
            .count()
    };
    assert_eq!(
        (shown("a"), shown("b")),
        (2, 2),
        "each handler has its own limit"
    );
    let summaries = records.saying("skips that were not told");
    assert_eq!(summaries.len(), 2);
    for summary in summaries {
        assert_eq!(summary.field("suppressed"), Some("998"));
        assert_eq!(summary.field("reason"), Some("unexpected"));
    }
}

/// What a handler skips for one reason leaves the limit of another as it is.
#[test]
fn each_reason_has_its_own_limit() {
    let records = Records::new();
    records.capture(|| {
        let calls = AtomicU32::new(0);
        let fails = Handler::new("fails", "shop.opened", move |_| {
            let slow = calls.fetch_add(1, Ordering::Relaxed) % 100 < 90;
            let kind = if slow {
                ErrorKind::TimedOut
            } else {
                ErrorKind::Other
            };
            Err::<(), _>(io::Error::from(kind))
        });
        let config = debug().with_debug_log_rate(2, 1);
        let telemetry = started_with(config, [fails.quarantine(Quarantine::OFF)]);
        telemetry.enter(|| (0..1_000).for_each(|_| emit!("shop.opened")));
        assert_eq!(
            tally(&telemetry.report(), "fails"),
            "1000 = 0 handled + 900 timed_out + 100 unexpected"
        );
    });
    for (reason, suppressed) in [("timed_out", "898"), ("unexpected", "98")] {
        let is_of = |record: &&Record| record.field("reason") == Some(reason);
        assert_eq!(records.skips().iter().filter(is_of).count(), 2, "{reason}");
        let summaries = records.saying("skips that were not told");
        let summary = summaries.iter().find(is_of).unwrap();
        assert_eq!(summary.field("suppressed"), Some(suppressed));
    }
}

/// A later record tells how many were held back before it.
#[test]
fn a_record_tells_what_was_suppressed_before_it() {
    let records = Records::new();
    records.capture(|| {
        let config = debug().with_debug_log_rate(1, 60_000);
        let telemetry = started_with(
            config,
            [Handler::new("a", "shop.opened", boom).quarantine(Quarantine::OFF)],
        );
        let mut emitted = 0_u64;
        gambeson_tests::wait_until("a second record", gambeson_tests::PATIENCE, || {
            (0..50).for_each(|_| telemetry.enter(|| emit!("shop.opened")));
            emitted += 50;
            records.skips().len() > 1
        });
        telemetry.shutdown();
        let told: u64 = records
            .all()
            .iter()
            .filter_map(|record| record.field("suppressed")?.parse::<u64>().ok())
            .sum();
        assert_eq!(
            told + records.skips().len() as u64,
            emitted,
            "each skip is shown or counted"
        );
    });
    assert_eq!(
        records.skips()[0].field("suppressed"),
        None,
        "the first is shown"
    );
}

/// An error that counts how often it is formatted.
#[derive(Clone, Classify)]
#[skip(timed_out)]
struct Counted(Arc<AtomicU32>);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fetch_add(1, Ordering::Relaxed);
        f.write_str("counted")
    }
}

impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Counted {}

static FORMATTED: OnceLock<Counted> = OnceLock::new();

#[defensive_handler(on = "counted.opened", quarantine = false)]
fn count_formatting(_: &Event<'_>) -> Result<(), Counted> {
    Err(FORMATTED.get().unwrap().clone())
}

/// With the gate shut, and beyond the rate limit, nothing is formatted.
#[test]
fn a_shut_gate_builds_nothing() {
    let counted = FORMATTED.get_or_init(|| Counted(Arc::default()));
    let formatted = |config: Config| {
        let records = Records::new();
        counted.0.store(0, Ordering::Relaxed);
        records.capture(|| {
            let telemetry = started_with(config, [handler!(count_formatting).into()]);
            telemetry.enter(|| (0..10).for_each(|_| emit!("counted.opened")));
            assert_eq!(
                tally(&telemetry.report(), "count_formatting"),
                "10 = 0 handled + 10 timed_out"
            );
        });
        (counted.0.load(Ordering::Relaxed), records.skips().len())
    };
    assert_eq!(formatted(Config::default()), (0, 0));
    assert_eq!(formatted(debug()), (5, 5));
    assert_eq!(formatted(debug().with_debug_log_rate(3, 1)), (3, 3));
}

/// The first bug of each reason of each handler is told, though nobody asked for debugging; how many
/// there were besides is told in the end.
#[test]
fn the_first_bug_of_each_reason_is_told_with_the_gate_shut() {
    let records = Records::new();
    records.capture(|| {
        let events = AtomicU32::new(0);
        let buggy = Handler::new("bug", "shop.opened", move |_| -> () {
            match events.fetch_add(1, Ordering::Relaxed) % 2 {
                0 => panic!("boom"),
                _ => todo!("later"),
            }
        });
        let slow = Handler::new("slow", "shop.opened", |_| {
            Err(std::io::Error::from(std::io::ErrorKind::TimedOut))
        });
        let telemetry = started([buggy, slow].map(|each| each.quarantine(Quarantine::OFF)));
        telemetry.enter(|| (0..10).for_each(|_| emit!("shop.opened")));
        assert_eq!(records.skips().len(), 2, "{:?}", records.skips());
    });
    let told = |message: &str| {
        let records = records.saying(message).into_iter();
        let field = |record: &Record, name| record.field(name).unwrap_or_default().to_owned();
        let told = records
            .map(|record| ["handler", "reason", "suppressed"].map(|name| field(&record, name)));
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        told("handler skipped"),
        [["bug", "unexpected", ""], ["bug", "not_implemented", ""]]
    );
    assert_eq!(
        told("skips that were not told"),
        [["bug", "not_implemented", "4"], ["bug", "unexpected", "4"]]
    );
}

#[defensive_handler(on = "probe.opened", available = broken_probe)]
fn is_probed(_: &Event<'_>) {}

fn broken_probe() -> bool {
    panic!("the probe is broken")
}

/// A probe that panics is a bug, whatever the reason of the skip is.
#[test]
fn a_probe_that_panics_is_told_once() {
    let records = Records::new();
    records.capture(|| {
        let telemetry = started([handler!(is_probed).into()]);
        telemetry.enter(|| (0..10).for_each(|_| emit!("probe.opened")));
        assert_eq!(
            tally(&telemetry.report(), "is_probed"),
            "10 = 0 handled + 10 unavailable"
        );
    });
    let skips = records.skips();
    assert_eq!(skips.len(), 1, "{skips:?}");
    assert_eq!(skips[0].field("reason"), Some("unavailable"));
    let cause = Some("the availability probe panicked");
    assert_eq!(skips[0].field("error"), cause);
    let summaries = records.saying("records that were not told");
    assert_eq!(summaries.len(), 1, "{summaries:?}");
    assert_eq!(summaries[0].field("suppressed"), Some("9"));
}

#[test]
fn quarantine_and_readmission_are_always_told() {
    let records = Records::new();
    records.capture(|| {
        let config = Config::default()
            .with_quarantine_after(1, Duration::from_secs(60))
            .with_cooldown(Duration::ZERO, Duration::ZERO);
        let first = AtomicU32::new(0);
        let telemetry = started_with(
            config,
            [Handler::new("till", "shop.opened", move |_| {
                assert!(first.fetch_add(1, Ordering::Relaxed) > 0, "boom");
            })],
        );
        telemetry.enter(|| (0..2).for_each(|_| emit!("shop.opened")));
    });
    assert_eq!(records.saying("handler quarantined").len(), 1);
    assert_eq!(records.saying("handler readmitted").len(), 1);
}

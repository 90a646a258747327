//! G7: what is written of a skip, and that writing it hurts nobody.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use gambeson::{
    Classify, Config, Event, Handler, KeyPattern, Quarantine, Resource, Telemetry,
    defensive_handler, emit, handler,
};
use gambeson_tests::{Record, Records, tally};
use tracing::Level;

use crate::{BOOM_LINE, boom, started, started_with};

fn debug() -> Config {
    Config::default().with_debug(true)
}

/// The record of the one skip of a handler.
fn record_of(config: Config, handler: Handler) -> Record {
    let records = Records::new();
    records.capture(|| {
        let telemetry = started_with(config, [handler]);
        telemetry
            .enter(|| emit!("shop.opened", { tills = 3 }, { city = "Lyon", card = "4111-1111" }));
    });
    let mut skips = records.skips();
    assert_eq!(skips.len(), 1, "one record for a skip: {skips:?}");
    skips.remove(0)
}

fn fields(record: &Record) -> BTreeMap<&str, &str> {
    record
        .fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

const HINT: &str = "expected while something shuts down; silence it with `debug = false` in [telemetry] or in a rule";

#[test]
fn every_field_of_a_panic() {
    let record = record_of(debug(), Handler::new("till", "shop.opened", boom));
    let location = record.field("location").expect("the hook saw it");
    assert!(
        location.contains(&format!("behaviour/main.rs:{BOOM_LINE}:")),
        "{location}"
    );
    let thread = std::thread::current()
        .name()
        .expect("a test's thread")
        .to_owned();
    assert_eq!(
        fields(&record),
        BTreeMap::from([
            ("message", "handler skipped"),
            ("reason", "unexpected"),
            ("class", "bug"),
            ("handler", "till"),
            ("event", "shop.opened"),
            ("fields", "tills=3 city=\"Lyon\" card=\"4111-1111\""),
            ("error", "boom"),
            ("location", location),
            ("phase", "running"),
            ("thread", &thread),
        ])
    );
    assert_eq!(record.level, Level::ERROR);
}

#[test]
fn every_field_of_a_resource_that_is_gone() {
    static GONE: Resource<()> = Resource::new("debug_log_gone");
    let record = record_of(
        debug(),
        Handler::new("till", "shop.opened", |_| ()).needs(&GONE),
    );
    assert_eq!(record.level, Level::WARN);
    assert_eq!(record.field("reason"), Some("unavailable"));
    assert_eq!(record.field("class"), Some("environment"));
    assert_eq!(record.field("resource"), Some("debug_log_gone"));
    assert_eq!(record.field("hint"), Some(HINT));
    assert_eq!(record.field("error"), None);
}

#[derive(Debug, thiserror::Error)]
#[error("the ledger refuses")]
struct Outer(#[source] std::io::Error);

#[test]
fn an_error_with_its_chain() {
    let record = record_of(
        debug(),
        Handler::new("till", "shop.opened", |_| {
            Err(Outer(std::io::ErrorKind::TimedOut.into()))
        }),
    );
    assert_eq!(record.field("error"), Some("the ledger refuses: timed out"));
    assert_eq!(record.field("reason"), Some("timed_out"));
    assert_eq!((record.level, record.field("hint")), (Level::WARN, None));
}

/// Policy is told at the level of debugging.
#[test]
fn a_policy_is_told_quietly() {
    let records = Records::new();
    records.capture(|| {
        let telemetry = started_with(debug(), [Handler::new("till", "shop.opened", |_| ())]);
        telemetry.pause("till").unwrap();
        telemetry.enter(|| emit!("shop.opened"));
    });
    let skips = records.skips();
    assert_eq!((skips.len(), skips[0].level), (1, Level::DEBUG));
    assert_eq!(skips[0].field("reason"), Some("disabled"));
}

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

/// Secrets are redacted where they are fields, and where a message quotes them.
#[test]
fn secrets_are_written_nowhere() {
    fn leaks(event: &Event<'_>) {
        panic!(
            "cannot charge {} in {}",
            event.text("card").unwrap(),
            event.text("city").unwrap()
        );
    }
    let config = debug().with_redacted(KeyPattern::parse("card").unwrap());
    let record = record_of(config, Handler::new("till", "shop.opened", leaks));
    assert_eq!(
        record.field("fields"),
        Some("tills=3 city=\"Lyon\" card=[redacted]")
    );
    assert_eq!(
        record.field("error"),
        Some("cannot charge [redacted] in Lyon")
    );
}

#[test]
fn nothing_that_is_written_can_forge_a_line() {
    let records = Records::new();
    records.capture(|| {
        let telemetry = started_with(
            debug(),
            [Handler::new("till", "shop.opened", |event| {
                Err::<(), _>(event.text("city").unwrap().to_owned())
            })],
        );
        telemetry.enter(|| {
            emit!("shop.opened", {}, {
                city = "a\nERROR fake \u{1b}[2J\u{202e}"
            })
        });
    });
    let skips = records.skips();
    assert_eq!(
        skips[0].field("error"),
        Some("a\\nERROR fake \\u{1b}[2J\\u{202e}")
    );
    for text in skips[0].fields.values() {
        assert!(
            !text
                .chars()
                .any(|char| char.is_control() || char == '\u{202e}'),
            "{text:?}"
        );
    }
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

static FORMATTED: std::sync::OnceLock<Counted> = std::sync::OnceLock::new();

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

/// A bug is told once for each handler, though nobody asked for debugging.
#[test]
fn a_bug_is_told_once_with_the_gate_shut() {
    let records = Records::new();
    records.capture(|| {
        let telemetry = started([
            Handler::new("bug", "shop.opened", boom).quarantine(Quarantine::OFF),
            Handler::new("slow", "shop.opened", |_| {
                Err(std::io::Error::from(std::io::ErrorKind::TimedOut))
            })
            .quarantine(Quarantine::OFF),
        ]);
        telemetry.enter(|| (0..10).for_each(|_| emit!("shop.opened")));
    });
    let skips = records.skips();
    assert_eq!(skips.len(), 1, "{skips:?}");
    assert_eq!(skips[0].field("handler"), Some("bug"));
}

#[test]
fn quarantine_and_readmission_are_always_told() {
    let records = Records::new();
    records.capture(|| {
        let config = Config::default()
            .with_quarantine_after(1, std::time::Duration::from_secs(60))
            .with_cooldown(std::time::Duration::ZERO, std::time::Duration::ZERO);
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

/// A layer that panics at every event.
struct Broken;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Broken {
    fn on_event(&self, _: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        panic!("the log is broken");
    }
}

/// A layer that emits events of its own.
struct Emitting;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Emitting {
    fn on_event(&self, _: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        emit!("shop.opened");
    }
}

fn under<L: tracing_subscriber::Layer<tracing_subscriber::Registry> + Send + Sync>(
    layer: L,
) -> String {
    use tracing_subscriber::layer::SubscriberExt;
    let telemetry: Telemetry = started_with(
        debug(),
        [Handler::new("till", "shop.opened", boom).quarantine(Quarantine::OFF)],
    );
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        telemetry.enter(|| emit!("shop.opened"));
    });
    tally(&telemetry.report(), "till")
}

#[test]
fn a_broken_log_changes_no_count() {
    assert_eq!(under(Broken), "1 = 0 handled + 1 unexpected");
}

/// The record's own event reaches the handler, whose skip is counted and not written again.
#[test]
fn a_log_that_emits_does_not_loop() {
    assert_eq!(under(Emitting), "2 = 0 handled + 2 unexpected");
}

//! G7: what is written of a skip, and that writing it hurts nobody.

mod broken;
mod gate;
mod untold;

use std::collections::BTreeMap;

use gambeson::{Config, Event, Handler, KeyPattern, Resource, emit};
use gambeson_tests::{Record, Records};
use tracing::Level;

use crate::{BOOM_LINE, boom, started_with};

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

const HINT: &str = "expected while something starts, restarts or shuts down; silence it with `debug = false` in [telemetry] or in a rule";

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
            });
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

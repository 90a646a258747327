//! What the records of skips have of the context.

use gambeson::{
    Config, Event, Handler, KeyPattern, Quarantine, Skip, SkipReason, Telemetry, context,
    defensive_handler, emit,
};
use gambeson_tests::{Record, Records};

use crate::{boom, started_with};

fn debug() -> Config {
    Config::default().with_debug(true)
}

/// The record of the one skip of a handler, with what ran around the emission.
fn record_of(config: Config, handler: Handler, around: impl FnOnce(&dyn Fn())) -> Record {
    let records = Records::new();
    records.capture(|| {
        let telemetry = started_with(config, [handler.quarantine(Quarantine::OFF)]);
        around(&|| telemetry.enter(|| emit!("shop.opened", { tills = 3 }, { city = "Lyon" })));
    });
    let mut skips = records.skips();
    assert_eq!(skips.len(), 1, "one record for a skip: {skips:?}");
    skips.remove(0)
}

fn panicking() -> Handler {
    Handler::new("till", "shop.opened", boom)
}

#[test]
fn a_skip_says_for_whom_and_after_what() {
    let record = record_of(debug(), panicking(), |emission| {
        context::scope([("tenant", "acme")], || {
            context::breadcrumb("the card was charged");
            context::scope([("lines", 3)], || {
                context::breadcrumb("the lines\nwere read");
            });
            context::scope([("order_id", "A-1")], emission);
        });
    });
    assert_eq!(
        record.field("context"),
        Some(r#"tenant="acme" order_id="A-1""#)
    );
    let crumbs = r"the card was charged > the lines\nwere read";
    assert_eq!(record.field("breadcrumbs"), Some(crumbs));
    assert_eq!(record.field("fields"), Some(r#"tills=3 city="Lyon""#));
}

#[test]
fn without_a_context_a_record_is_as_it_was() {
    let record = record_of(debug(), panicking(), |emission| {
        context::scope([("tenant", "acme")], || context::breadcrumb("over by now"));
        emission();
    });
    assert_eq!(
        (record.field("context"), record.field("breadcrumbs")),
        (None, None)
    );
}

/// By the names of the fields, and where a message or a breadcrumb quotes them.
#[test]
fn secrets_of_the_context_are_written_nowhere() {
    let leaks = Handler::new("till", "shop.opened", |_| -> () {
        panic!("cannot charge 4111-1111 of Ada")
    });
    let around = |emission: &dyn Fn()| {
        context::scope([("card", "4111-1111"), ("name", "Ada")], || {
            context::breadcrumb("charging 4111-1111 in Lyon");
            emission();
        });
    };
    let twin = record_of(debug(), leaks, around);
    let leaked = |record: &Record| {
        let texts = record.fields.values();
        texts
            .filter(|text| text.contains("4111") || text.contains("Lyon"))
            .count()
    };
    assert_eq!(leaked(&twin), 4, "{twin:?}");
    let redacted = ["card", "city"].map(|key| KeyPattern::parse(key).unwrap());
    let config = redacted.into_iter().fold(debug(), Config::with_redacted);
    let leaks = Handler::new("till", "shop.opened", |_| -> () {
        panic!("cannot charge 4111-1111 of Ada")
    });
    let record = record_of(config, leaks, around);
    assert_eq!(leaked(&record), 0, "{record:?}");
    assert_eq!(
        record.field("context"),
        Some(r#"card=[redacted] name="Ada""#)
    );
    assert_eq!(
        record.field("error"),
        Some("cannot charge [redacted] of Ada")
    );
    assert_eq!(
        record.field("breadcrumbs"),
        Some("charging [redacted] in [redacted]")
    );
}

/// What does not fit is the oldest.
#[test]
fn the_newest_breadcrumbs_are_written() {
    let record = record_of(debug(), panicking(), |emission| {
        context::scope([("tenant", "acme")], || {
            (0..100).for_each(|n| context::breadcrumb(format_args!("{n:0>100}")));
            emission();
        });
    });
    let written = record.field("breadcrumbs").expect("there are some");
    assert!(written.len() <= 1024, "{}", written.len());
    let numbers: Vec<u32> = written
        .split(" > ")
        .map(|crumb| crumb.parse().unwrap())
        .collect();
    assert_eq!(numbers, (91..100).collect::<Vec<_>>());
}

#[defensive_handler(quarantine = false)]
fn ring_up(till: u32) -> Result<u32, Skip> {
    assert!(till > 0, "boom");
    Ok(till)
}

/// A function that is defended in place has no event, and yet a context: also without a telemetry
/// that runs, and while its thread unwinds.
#[test]
fn a_skip_in_place_has_it_after_the_shutdown_and_while_unwinding() {
    struct RingsUpWhenDropped<'a>(&'a Telemetry);
    impl Drop for RingsUpWhenDropped<'_> {
        fn drop(&mut self) {
            let _ = self.0.enter(|| ring_up(0));
        }
    }
    let records = Records::new();
    records.capture(|| {
        let telemetry = started_with(debug(), []);
        context::scope([("order_id", "A-1")], || {
            let unwinding = std::panic::AssertUnwindSafe(|| {
                let _rings = RingsUpWhenDropped(&telemetry);
                panic!("on the way out");
            });
            std::panic::catch_unwind(unwinding).unwrap_err();
            telemetry.shutdown();
            let late = telemetry.enter(|| ring_up(1)).unwrap_err();
            assert_eq!(late.reason(), SkipReason::ShuttingDown);
        });
    });
    let told: Vec<_> = records.skips();
    let told = told
        .iter()
        .map(|record| (record.field("reason"), record.field("context")));
    let context = Some(r#"order_id="A-1""#);
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (Some("unexpected"), context),
            (Some("shutting_down"), context)
        ]
    );
}

/// A handler that emits for somebody else says so, for itself alone.
#[test]
fn a_handler_has_a_scope_of_its_own() {
    let records = Records::new();
    records.capture(|| {
        let telemetry = started_with(
            debug(),
            [
                Handler::new("a_forwards", "shop.opened", |event: &Event<'_>| -> () {
                    context::scope([("for", event.text("city").unwrap())], || {
                        emit!("shop.forwarded");
                        panic!("leaves its scope");
                    });
                }),
                Handler::new("b_fails", "shop.*", boom),
            ],
        );
        telemetry.enter(|| emit!("shop.opened", {}, { city = "Lyon" }));
    });
    let told = records.skips();
    let told = told
        .iter()
        .map(|record| (record.field("handler"), record.field("context")));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (Some("b_fails"), Some(r#"for="Lyon""#)),
            (Some("a_forwards"), None),
            (Some("b_fails"), None),
        ]
    );
}

//! Quarantine where rules and limits are unusual.

use std::time::Duration;

use gambeson::{Config, Handler, Pattern, Rule, SkipReason, Telemetry, emit};

const LONG: Duration = Duration::from_secs(3600);

/// A telemetry whose one handler succeeds on `edge.good` only.
fn start(config: Config) -> Telemetry {
    let handler = Handler::new("picky", "edge.*", |event| match event.name() {
        "edge.good" => Ok(()),
        _ => Err("not good"),
    });
    let builder = Telemetry::builder().isolated().filter(|_| false);
    builder.config(config).handler(handler).start().unwrap()
}

#[test]
fn an_event_that_a_rule_frees_from_quarantine_is_handled_during_one() {
    let rule = Rule::new()
        .with_event(Pattern::new("edge.good"))
        .with_quarantine(false);
    let config = Config::default()
        .with_quarantine_after(1, LONG)
        .with_cooldown(LONG, LONG)
        .with_rule(rule);
    let telemetry = start(config);
    telemetry.enter(|| {
        emit!("edge.bad");
        emit!("edge.bad");
        emit!("edge.good");
    });
    let report = telemetry.report();
    let counts = report.handler("picky").unwrap();
    assert_eq!(counts.skipped(SkipReason::Quarantined), 1);
    assert_eq!(counts.handled, 1);
}

#[test]
fn a_failure_that_a_rule_frees_from_quarantine_does_not_use_up_the_probe() {
    let rule = Rule::new()
        .with_event(Pattern::new("edge.free"))
        .with_quarantine(false);
    let config = Config::default()
        .with_quarantine_after(1, LONG)
        .with_cooldown(Duration::ZERO, Duration::ZERO)
        .with_rule(rule);
    let telemetry = start(config);
    telemetry.enter(|| {
        emit!("edge.bad");
        emit!("edge.free");
        emit!("edge.good");
    });
    let report = telemetry.report();
    assert_eq!(report.handler("picky").unwrap().handled, 1, "{report}");
}

#[test]
fn a_cooldown_without_end_reaches_nobody() {
    let config = Config::default()
        .with_quarantine_after(1, LONG)
        .with_cooldown(Duration::MAX, Duration::MAX);
    let telemetry = start(config);
    telemetry.enter(|| {
        emit!("edge.bad");
        emit!("edge.bad");
    });
    let report = telemetry.report();
    let counts = report.handler("picky").unwrap();
    assert_eq!(counts.skipped(SkipReason::Unexpected), 1);
    assert_eq!(counts.skipped(SkipReason::Quarantined), 1);
}

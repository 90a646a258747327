//! What the rate limit holds back is counted, and told in the end.

use std::time::{Duration, Instant};

use gambeson::{
    Clock, Config, DownCause, Handler, Quarantine, Resource, SkipReason, Telemetry, emit,
};
use gambeson_tests::{Record, Records};

use super::debug;
use crate::{boom, started_with};

/// How many were not told, by those records that tell of it.
fn suppressed(records: &[Record]) -> u64 {
    let told = records.iter().filter_map(|each| each.field("suppressed"));
    told.map(|count| count.parse::<u64>().unwrap()).sum()
}

/// A slow call is no skip, and yet is told within a limit.
#[test]
fn slow_calls_are_told_within_the_limit() {
    let records = Records::new();
    records.capture(|| {
        let slow = Handler::new("slow", "shop.opened", |_| {
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_micros(1) {}
        });
        let slow = slow.budget(Duration::ZERO).quarantine(Quarantine::OFF);
        let telemetry = started_with(debug().with_debug_log_rate(2, 1), [slow]);
        telemetry.enter(|| (0..100).for_each(|_| emit!("shop.opened")));
        let report = telemetry.report();
        assert_eq!(
            report.handler("slow").map(|slow| slow.over_budget),
            Some(100)
        );
    });
    let told = records.saying("handler took longer than its budget");
    assert_eq!(told.len(), 2);
    let summaries = records.saying("records that were not told");
    assert_eq!(summaries.len(), 1, "{summaries:?}");
    assert_eq!(summaries[0].field("subject"), Some("slow"));
    assert_eq!(summaries[0].field("about"), Some("slow calls"));
    assert_eq!(summaries[0].field("suppressed"), Some("98"));
}

/// Beyond the limit, quarantines and readmissions are counted.
#[test]
fn changes_of_a_quarantine_are_told_within_the_limit() {
    let records = Records::new();
    records.capture(|| {
        let config = Config::default()
            .with_quarantine_after(1, Duration::from_secs(60))
            .with_cooldown(Duration::ZERO, Duration::ZERO)
            .with_debug_log_rate(2, 1);
        let telemetry = started_with(config, [Handler::new("till", "shop.opened", boom)]);
        telemetry.enter(|| (0..100).for_each(|_| emit!("shop.opened")));
    });
    assert_eq!(records.saying("handler quarantined").len(), 2);
    let summaries = records.saying("records that were not told");
    assert_eq!(summaries.len(), 1, "{summaries:?}");
    assert_eq!(summaries[0].field("suppressed"), Some("98"));
}

/// On a clock that a test drives, a record a second, and every one of the others is counted.
#[test]
fn the_rate_goes_by_the_clock_of_the_telemetry() {
    let records = Records::new();
    records.capture(|| {
        let clock = Clock::new();
        let telemetry = Telemetry::builder().isolated().filter(|_| false);
        let telemetry = telemetry
            .config(debug().with_debug_log_rate(1, 60))
            .clock(&clock)
            .handler(Handler::new("till", "shop.opened", boom).quarantine(Quarantine::OFF))
            .start()
            .unwrap();
        for _ in 0..5 {
            telemetry.enter(|| (0..10).for_each(|_| emit!("shop.opened")));
            clock.advance(Duration::from_secs(1));
        }
    });
    let skips = records.skips();
    let suppressed = skips.iter().map(|record| record.field("suppressed"));
    let nine = Some("9");
    assert_eq!(
        suppressed.collect::<Vec<_>>(),
        [None, nine, nine, nine, nine]
    );
    let summaries = records.saying("skips that were not told");
    assert_eq!(summaries.len(), 1, "{summaries:?}");
    assert_eq!(summaries[0].field("suppressed"), nine);
}

/// A death and a return are one record each, or one of those that a later one counts.
#[test]
fn every_death_and_return_of_a_resource_is_told_or_counted() {
    static LAMP: Resource<u32> = Resource::new("untold_lamp");
    let records = Records::new();
    records.capture(|| {
        let read = Handler::new("read", "untold.read", |_| ()).needs(&LAMP);
        let telemetry = started_with(Config::default(), [read]);
        let mut lit = vec![LAMP.provide(0)];
        for lamp in 1..=20 {
            LAMP.crash(DownCause::new(SkipReason::PeerDead, "bulb"));
            lit.push(LAMP.provide(lamp));
        }
        telemetry.shutdown();
    });
    let told =
        records.saying("resource went down").len() + records.saying("resource is back").len();
    assert!(told < 40, "the rate limit holds nothing back");
    assert_eq!(told as u64 + suppressed(&records.all()), 40);
}

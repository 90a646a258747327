//! Rules: settings for some handlers and events only.

use gambeson::{Handler, HandlerState};
use gambeson_tests::{Records, tally};

use super::{parsed, quiet, recorded, run};
use crate::{boom, started_with};

#[test]
fn rule_enabled_for_a_handler_and_for_an_event() {
    let report = run(
        "[[telemetry.rule]]\nhandler = \"a\"\nenabled = false",
        [quiet("a"), quiet("b")],
        2,
    );
    assert_eq!(tally(&report, "a"), "3 = 0 handled + 3 disabled");
    assert_eq!(tally(&report, "b"), "3 = 3 handled");
    let report = run(
        "[[telemetry.rule]]\nevent = \"shop.**\"\nenabled = false",
        [quiet("a")],
        2,
    );
    assert_eq!(tally(&report, "a"), "3 = 1 handled + 2 disabled");
}

#[test]
fn rule_sample() {
    let rule = |rate: &str| {
        let config = format!("[[telemetry.rule]]\nevent = \"shop.**\"\nsample = {rate}");
        tally(&run(&config, [quiet("a")], 100), "a")
    };
    assert_eq!(rule("0.1"), "101 = 11 handled + 90 disabled");
    assert_eq!(rule("0.0"), "101 = 1 handled + 100 disabled");
    assert_eq!(rule("1.0"), "101 = 101 handled");
}

#[test]
fn rule_budget() {
    let over = |rule: &str| {
        let records = Records::new();
        let config = format!("[telemetry]\ndebug = true\n[[telemetry.rule]]\n{rule}");
        let report = records.capture(|| run(&config, [quiet("a")], 4));
        let told = records.saying("handler took longer than its budget").len();
        let over = report.handler("a").unwrap().over_budget;
        assert_eq!(told as u64, over);
        over
    };
    assert_eq!(over("handler = \"a\"\nbudget = \"0s\""), 5);
    assert_eq!(over("event = \"bank.*\"\nbudget = \"0s\""), 1);
    assert_eq!(over("handler = \"a\"\nbudget = \"1h\""), 0);
}

#[test]
fn rule_debug() {
    assert_eq!(
        recorded("[[telemetry.rule]]\nhandler = \"till\"\ndebug = true"),
        3
    );
    assert_eq!(
        recorded(
            "[telemetry]\ndebug = true\n[[telemetry.rule]]\nevent = \"shop.*\"\ndebug = false"
        ),
        0
    );
}

#[test]
fn rule_quarantine() {
    let state = |rule: &str| {
        let config = format!(
            "[telemetry.quarantine]\nfailures = 1\ncooldown = \"1h\"\nmax_cooldown = \"1h\"\n[[telemetry.rule]]\n{rule}"
        );
        run(&config, [Handler::new("till", "shop.opened", boom)], 2)
            .handler("till")
            .unwrap()
            .state
    };
    assert_eq!(
        state("handler = \"till\"\nquarantine = false"),
        HandlerState::Attached
    );
    assert_eq!(
        state("event = \"shop.opened\"\nquarantine = false"),
        HandlerState::Attached
    );
    assert_eq!(
        state("event = \"bank.opened\"\nquarantine = false"),
        HandlerState::Quarantined
    );
}

/// Of the rules that match, the last one wins, setting for setting.
#[test]
fn the_last_rule_wins() {
    let report = run(
        "[[telemetry.rule]]\nenabled = false\n[[telemetry.rule]]\nhandler = \"b\"\nenabled = true",
        [quiet("a"), quiet("b")],
        1,
    );
    assert_eq!(tally(&report, "a"), "2 = 0 handled + 2 disabled");
    assert_eq!(tally(&report, "b"), "2 = 2 handled");
}

#[test]
fn a_rule_that_fits_no_handler_is_told() {
    let telemetry = started_with(
        parsed("[[telemetry.rule]]\nhandler = \"tilt\"\ndebug = true"),
        [quiet("till")],
    );
    let warnings = telemetry.report().warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("matches no handler; did you mean `till`?"),
        "{warnings:?}"
    );
}

//! The whole program, but for its output.

use std::sync::{Mutex, PoisonError};

use gambeson::{Phase, SkipReason, Telemetry};

use crate::{Run, check::Check, config, handlers::METRICS, metrics::Metrics, replay};

/// Held by a test that provides the metrics: handlers find them in a static.
static PROVIDING: Mutex<()> = Mutex::new(());

const DATA: &[u8] = include_bytes!("../data/predictions.jsonl");

fn telemetry() -> Telemetry {
    let builder = Telemetry::builder().isolated().config(config().unwrap());
    builder.start().unwrap()
}

fn run(bytes: &[u8]) -> Run {
    let _alone = PROVIDING.lock().unwrap_or_else(PoisonError::into_inner);
    Run::of(bytes, &telemetry()).unwrap()
}

fn lines(lines: &[&str]) -> Vec<u8> {
    lines.join("\n").into_bytes()
}

#[test]
#[allow(clippy::float_cmp, reason = "sums of whole numbers are exact")]
fn the_data_gives_exactly_these_numbers() {
    let run = run(DATA);
    assert_eq!(run.check.wrong(), <&[String]>::default());
    assert_eq!(run.report.phase, Phase::Stopped);
    assert_eq!(run.replay.emitted, 344);

    let counter = |metric, label| run.metrics.counters[&(metric, label)];
    assert_eq!(counter("predictions_started", "openai"), 10.0);
    assert_eq!(counter("predictions_ended", "success"), 15.0);
    assert_eq!(counter("predictions_ended", "failure"), 3.0);
    assert_eq!(counter("predictions_ended", "exception"), 6.0);
    assert_eq!(counter("tokens", "input"), 24_367.0);
    assert_eq!(counter("tokens", "output"), 3_123.0);
    assert_eq!(counter("timeouts", "openai"), 1.0);
    assert_eq!(counter("timeouts", "gemini"), 1.0);
    assert_eq!(counter("request_errors", "openai"), 3.0);
    let costs = run.metrics.counters.iter();
    let costs = costs.filter(|((metric, _), _)| *metric == "cost_usd");
    let cost: f64 = costs.map(|(_, cost)| cost).sum();
    assert_eq!(format!("{cost:.6}"), "0.039288");

    assert_eq!(run.metrics.gauges[&("best_score", "trial")], 0.93);
    assert_eq!(run.metrics.gauges[&("requests_in_flight", "")], 0.0);
    let histogram = |metric, label| run.metrics.histograms[&(metric, label)].count();
    assert_eq!(histogram("prediction_seconds", "openai"), 10);
    assert_eq!(histogram("prediction_seconds", "other"), 1);
    assert_eq!(histogram("trial_scores", ""), 7);
}

#[test]
fn a_line_that_lacks_something_costs_exactly_that() {
    let report = run(DATA).report;
    let expected = [
        ("count_ended", 26, 2),
        ("time_predictions", 26, 3),
        ("time_requests", 26, 0),
        ("count_input_tokens", 20, 1),
        ("count_output_tokens", 20, 5),
        ("add_cost", 20, 2),
        ("record_scores", 10, 3),
        ("band_trials", 10, 3),
        ("count_events", 343, 0),
    ];
    for (name, matched, violations) in expected {
        let handler = report.handler(name).unwrap();
        assert_eq!(handler.matched, matched, "{name}");
        assert_eq!(handler.handled, matched - violations, "{name}");
        let skipped = handler.skipped(SkipReason::ContractViolation);
        assert_eq!(skipped, violations, "{name}");
    }
    assert!(
        report
            .handlers
            .iter()
            .all(gambeson::HandlerReport::is_conserved)
    );
}

#[test]
fn malformed_and_unknown_lines_are_told_by_number() {
    let replay = run(DATA).replay;
    let numbers =
        |notes: &replay::Notes| notes.first.iter().map(|note| note.line).collect::<Vec<_>>();
    assert_eq!(
        numbers(&replay.malformed),
        [25, 58, 92, 140, 168, 185, 207, 248, 259, 298, 344]
    );
    assert_eq!(numbers(&replay.unknown), [71, 141, 198, 319]);
    let last = replay.malformed.first.last().unwrap().to_string();
    assert!(last.starts_with("line  344  event name `dspex.predict.sto\\u{1b}[2Jp`: "));
}

#[test]
fn a_row_of_bad_lines_costs_no_good_one() {
    let bad = r#"{"event":"dspex.predict.stop","metadata":{"provider":"openai"}}"#;
    let good = r#"{"event":"dspex.predict.stop","measurements":{"duration":1},"metadata":{"provider":"openai","success":true}}"#;
    let mut text = vec![bad; 50];
    text.push(good);
    let run = run(&lines(&text));
    assert_eq!(run.check.wrong(), <&[String]>::default());
    let timed = run.report.handler("time_predictions").unwrap();
    assert_eq!((timed.matched, timed.handled), (51, 1));
    assert_eq!(timed.skipped(SkipReason::ContractViolation), 50);
}

#[test]
fn odd_lines_are_counted_alike_both_ways() {
    let run = run(&lines(&[
        r#"{"event":"dspex.predict.start","event":"dspex.predict.stop","metadata":{"provider":"openai"}}"#,
        r#"{"event":"dspex.predict.stop","measurements":{"duration":"1"},"metadata":{"duration":2,"provider":"x"}}"#,
        r#"{"event":"dspex.client.request.retried","metadata":{"provider":"openai"}}"#,
        r#"{"event":"dspex.adapter.translate.stop","measurements":{"duration":1}}"#,
        r#"{"event":"dspex.adapter.translate.exception"}"#,
        r#"{"event":"dspex.teleprompter.beacon.iteration.stop","measurements":{"score":0.5}}"#,
        r#"{"event":"dspex.teleprompter.beacon.bayesian.start"}"#,
        r#"{"event":"dspex.teleprompter.beacon.trial.stop","measurements":{"score":1.0000001}}"#,
        r#"{"event":"dspex.teleprompter.beacon.trial.stop","measurements":{"score":-0.0}}"#,
        r#"{"event":"dspex.teleprompter.beacon.trial.stop","measurements":{"score":0.6}}"#,
        r#"{"event":"dspex.client.request.stop","measurements":{"input_tokens":18446744073709551615}}"#,
        r#"{"event":"dspex.client.request.stop","measurements":{"input_tokens":-1},"metadata":null}"#,
        r#"{"event":"dspex"}"#,
        r#"{"event":""}"#,
        r#"{"event":"dspex.*"}"#,
        r#"{"event":"dspéx.predict.start"}"#,
        r#"{"event":7}"#,
        "\u{feff}{}",
        r#"["dspex.predict.start",{},{},0]"#,
        "null",
    ]));
    assert_eq!(run.check.wrong(), <&[String]>::default());
    assert_eq!((run.replay.emitted, run.replay.malformed.total), (12, 8));
}

#[test]
fn of_many_malformed_lines_the_first_are_shown() {
    let notes = run(&lines(&["nonsense"; 100])).replay.malformed;
    assert_eq!((notes.total, notes.first.len()), (100, 40));
    let shown = notes.to_string();
    assert!(shown.starts_with("100\n  line    1  expected ident at column 2\n"));
    assert!(shown.ends_with("  line   40  expected ident at column 2\n  and 60 more\n"));
}

#[test]
fn a_wrong_number_is_found() {
    let mut run = run(DATA);
    let tokens = run.metrics.counters.get_mut(&("tokens", "output")).unwrap();
    *tokens += 1.0;
    run.replay.emitted -= 1;
    let check = Check::new(DATA, &run.replay, &run.metrics, &run.report);
    assert!(!check.passed());
    assert_eq!(
        check.wrong(),
        [
            "events emitted: 343, but the file says 344",
            "tokens{output}: 3124.000000000, but the file says 3123.000000000",
        ]
    );
}

#[test]
fn without_the_metrics_every_event_is_skipped_and_counted() {
    let _alone = PROVIDING.lock().unwrap_or_else(PoisonError::into_inner);
    drop(METRICS.provide(Metrics::default()));
    let telemetry = telemetry();
    replay::replay(&telemetry, DATA);
    for handler in telemetry.shutdown().handlers {
        assert_eq!(handler.handled, 0, "{}", handler.name);
        let skipped = handler.skipped(SkipReason::ShuttingDown);
        assert_eq!(skipped, handler.matched, "{}", handler.name);
        assert!(handler.matched > 0, "{}", handler.name);
    }
}

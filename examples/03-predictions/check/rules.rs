//! Which numbers an event must change, by the segments of its name.

use super::expected::{Expected, Line};

/// Counts one event.
pub(super) fn apply(line: &Line, expected: &mut Expected) {
    let segments = line.segments();
    let ["dspex", rest @ ..] = segments.as_slice() else {
        return;
    };
    if rest.is_empty() {
        return;
    }
    let label = if is_known(rest) { "known" } else { "unknown" };
    expected.add(
        "count_events",
        Some(format!("events{{{label}}}")),
        Some(1.0),
    );
    match rest {
        ["predict", end] => predict(end, line, expected),
        ["client", "request", end] => request(end, line, expected),
        ["adapter", step, end]
        | ["signature", step @ "validation", end]
        | ["program", step @ "forward", end] => pipeline(step, end, line, expected),
        ["teleprompter", run @ ("bootstrap" | "beacon"), end] => {
            teleprompter(run, end, line, expected);
        }
        [
            "teleprompter",
            "beacon",
            "bayesian",
            phase @ "iteration",
            end,
        ] => {
            beacon(phase, end, line, expected);
            best_score(phase, end, line, expected);
        }
        ["teleprompter", "beacon", phase @ "trial", end] => {
            beacon(phase, end, line, expected);
            best_score(phase, end, line, expected);
            trial(end, line, expected);
        }
        ["teleprompter", "beacon", phase, end] => beacon(phase, end, line, expected),
        _ => {}
    }
}

fn is_known(rest: &[&str]) -> bool {
    match rest {
        ["predict", end] | ["client", "request", end] => {
            matches!(*end, "start" | "stop" | "exception")
        }
        ["adapter", "format" | "parse", end]
        | ["signature", "validation", end]
        | ["program", "forward", end]
        | ["teleprompter", "bootstrap" | "beacon", end]
        | [
            "teleprompter",
            "beacon",
            "optimization" | "instruction" | "trial",
            end,
        ]
        | ["teleprompter", "beacon", "bayesian", "iteration", end] => {
            matches!(*end, "start" | "stop")
        }
        _ => false,
    }
}

fn predict(end: &str, line: &Line, expected: &mut Expected) {
    let status = match end {
        "start" => {
            let series = line.by_provider("predictions_started");
            return expected.add("count_started", series, Some(1.0));
        }
        "stop" => line
            .success()
            .map(|yes| if yes { "success" } else { "failure" }),
        "exception" => Some("exception"),
        _ => return,
    };
    let series = status.map(|status| format!("predictions_ended{{{status}}}"));
    expected.add("count_ended", series, Some(1.0));
    let (series, duration) = (
        line.by_provider("prediction_seconds"),
        line.amount("duration"),
    );
    expected.put("time_predictions", series, duration);
}

fn request(end: &str, line: &Line, expected: &mut Expected) {
    let step = if end == "start" { 1.0 } else { -1.0 };
    let in_flight = Some("requests_in_flight".to_owned());
    expected.add("track_in_flight", in_flight, Some(step));
    if matches!(end, "stop" | "exception") {
        let (series, duration) = (line.by_provider("request_seconds"), line.amount("duration"));
        expected.put("time_requests", series, duration);
    }
    if end == "exception" {
        let kind = line.text("kind").map(|kind| match kind {
            "timeout" => "timeouts",
            _ => "request_errors",
        });
        let series = kind.and_then(|metric| line.by_provider(metric));
        expected.add("count_request_failures", series, Some(1.0));
    }
    if end == "stop" {
        let tokens = |kind| Some(format!("tokens{{{kind}}}"));
        expected.add(
            "count_input_tokens",
            tokens("input"),
            line.amount("input_tokens"),
        );
        expected.add(
            "count_output_tokens",
            tokens("output"),
            line.amount("output_tokens"),
        );
        expected.add(
            "add_cost",
            line.by_provider("cost_usd"),
            line.amount("cost_usd"),
        );
    }
}

fn pipeline(step: &str, end: &str, line: &Line, expected: &mut Expected) {
    let label = match step {
        "format" | "parse" | "validation" | "forward" => step,
        _ => "other",
    };
    let series = |metric| Some(format!("{metric}{{{label}}}"));
    match end {
        "start" => expected.add("count_steps", series("steps_started"), Some(1.0)),
        "stop" => expected.put(
            "time_steps",
            series("step_seconds"),
            line.amount("duration"),
        ),
        _ => {}
    }
    if end == "stop" && matches!(step, "parse" | "validation" | "forward") {
        match line.success() {
            Some(true) => expected.pass("count_failed_steps"),
            success => {
                let failed = success.map(|_| 1.0);
                expected.add("count_failed_steps", series("steps_failed"), failed);
            }
        }
    }
}

fn teleprompter(run: &str, end: &str, line: &Line, expected: &mut Expected) {
    let series = |metric| Some(format!("{metric}{{{run}}}"));
    match end {
        "start" => expected.add("count_runs", series("teleprompter_runs"), Some(1.0)),
        "stop" => expected.put(
            "time_runs",
            series("teleprompter_seconds"),
            line.amount("duration"),
        ),
        _ => {}
    }
    if (run, end) == ("bootstrap", "stop") {
        let series = Some("demos{bootstrapped}".to_owned());
        expected.add("count_demos", series, line.amount("demos"));
    }
}

fn beacon(phase: &str, end: &str, line: &Line, expected: &mut Expected) {
    let label = match phase {
        "optimization" | "instruction" | "trial" | "iteration" => phase,
        _ => "other",
    };
    let series = |metric| Some(format!("{metric}{{{label}}}"));
    match end {
        "start" => expected.add("count_phases", series("beacon_phases_started"), Some(1.0)),
        "stop" => {
            let duration = line.amount("duration");
            expected.put("time_phases", series("beacon_phase_seconds"), duration);
        }
        _ => {}
    }
}

fn best_score(phase: &str, end: &str, line: &Line, expected: &mut Expected) {
    if end == "stop" {
        let series = format!("best_score{{{phase}}}");
        expected.raise("keep_best_score", series, line.share("score"));
    }
}

fn trial(end: &str, line: &Line, expected: &mut Expected) {
    if end != "stop" {
        return;
    }
    let score = line.share("score");
    expected.put("record_scores", Some("trial_scores".to_owned()), score);
    let band = score.map(|score| match score {
        ..=0.2 => "poor",
        ..=0.4 => "weak",
        ..=0.6 => "fair",
        ..=0.8 => "good",
        _ => "best",
    });
    let series = band.map(|band| format!("trials{{{band}}}"));
    expected.add("band_trials", series, Some(1.0));
}

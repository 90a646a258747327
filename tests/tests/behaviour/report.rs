//! The report: a table for people, JSON for programs.

use gambeson::{Event, Handler, HandlerState, Isolation, Phase, Resource, emit};
use gambeson_tests::PATIENCE;
use serde_json::{Value, json};

use crate::{boom, started};

/// Nobody provides the ledger. Each test has its own: one that several telemetries use is revoked by
/// the last of them.
fn telemetry(ledger: &'static Resource<()>) -> gambeson::Telemetry {
    let telemetry = started([
        Handler::new("audit_order", "report.opened", |_| ()),
        Handler::new("sales", "report.opened", boom).after("audit_order"),
        Handler::new("needs_ledger", "report.opened", |_| ()).needs(ledger),
        Handler::new("gone", "report.opened", |_| ()),
    ]);
    telemetry.detach("gone", PATIENCE).unwrap();
    telemetry.enter(|| {
        emit!("report.opened");
        emit!("report.opened");
    });
    telemetry
}

#[test]
fn the_table() {
    static LEDGER: Resource<()> = Resource::new("report_ledger");
    assert_eq!(
        telemetry(&LEDGER).report().to_string(),
        "telemetry is running\n\
         handler       state        matched   handled   skips\n\
         audit_order   attached           2         2   -\n\
         needs_ledger  attached           2         0   unavailable 2\n\
         sales         attached           2         0   unexpected 2\n\
         gone          detached           0         0   -\n\
         resource report_ledger is not ready: nobody has provided it\n"
    );
}

#[test]
fn the_table_after_the_shutdown() {
    static LEDGER: Resource<()> = Resource::new("report_ledger");
    let table = telemetry(&LEDGER).shutdown().to_string();
    let (_, detached) = table.split_once("\ndetached in ").unwrap();
    let (_, order) = detached.split_once(" of 5s, in this order:\n").unwrap();
    let (order, parts) = order.split_once("part  ").unwrap();
    assert_eq!(order, "  sales\n  needs_ledger\n  audit_order\n");
    let rows: Vec<String> = parts.lines().map(without_times).collect();
    assert_eq!(
        rows,
        [
            "kind share took left",
            "sales handler .. .. 0",
            "needs_ledger handler .. .. 0",
            "audit_order handler .. .. 0",
            "report_ledger resource .. .. 0",
            "suppressed records flush .. .. 0",
        ]
    );
    assert!(table.starts_with("telemetry is stopped\n"), "{table}");
    assert_eq!(table.matches(" detached ").count(), 4, "{table}");
}

/// A row of a table, with dots for what is a time.
fn without_times(row: &str) -> String {
    let is_time =
        |word: &str| word.ends_with('s') && word.starts_with(|c: char| c.is_ascii_digit());
    let words = row.split_whitespace();
    let words = words.map(|word| if is_time(word) { ".." } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// `shutdown()` cannot give times that a test could pin; everything else is compared whole.
#[test]
fn the_json() {
    static LEDGER: Resource<()> = Resource::new("report_ledger");
    let report = telemetry(&LEDGER).shutdown();
    let mut json = serde_json::to_value(&report).unwrap();
    let elapsed = json["shutdown"]["elapsed"].take();
    assert!(
        elapsed["secs"].is_u64() && elapsed["nanos"].is_u64(),
        "{elapsed}"
    );
    for part in json["shutdown"]["parts"].as_array_mut().unwrap() {
        assert!(part["took"].take()["nanos"].is_u64());
        assert!(part["share"].take()["nanos"].is_u64());
    }
    // The annotated handlers of the other modules.
    let filtered = json["filtered"].take();
    assert!(
        filtered
            .as_array()
            .unwrap()
            .contains(&json!("behaviour::resources::asks"))
    );
    for handler in json["handlers"].as_array_mut().unwrap() {
        let source = handler["source"].take();
        assert!(
            source.as_str().unwrap().contains("behaviour/report.rs:"),
            "{source}"
        );
    }
    let handler = |name: &str, handled: u64, skips: Value| {
        let matched = handled
            + skips
                .as_object()
                .unwrap()
                .values()
                .filter_map(Value::as_u64)
                .sum::<u64>();
        json!({
            "name": name, "state": "detached", "matched": matched, "handled": handled, "skips": skips,
            "in_flight": 0, "over_budget": 0, "payload_drop_panics": 0, "payloads_leaked": 0,
            "future_drop_panics": 0, "records_failed": 0, "records_dropped": 0, "source": null,
        })
    };
    let part = |kind: &str, name: &str| {
        json!({
            "kind": kind, "name": name, "share": null, "took": null, "outstanding": 0, "holders": [],
        })
    };
    assert_eq!(
        json,
        json!({
            "phase": "stopped",
            "isolation": "unwind",
            "filtered": null,
            "handlers": [
                handler("audit_order", 2, json!({})),
                handler("needs_ledger", 0, json!({"unavailable": 2})),
                handler("sales", 0, json!({"unexpected": 2})),
                handler("gone", 0, json!({})),
            ],
            "resources": [{"name": "report_ledger", "readiness": "not_ready", "status": "down", "cause": "nobody has provided it"}],
            "shutdown": {
                "detached": ["sales", "needs_ledger", "audit_order"],
                "elapsed": null,
                "deadline": {"secs": 5, "nanos": 0},
                "stragglers": [],
                "open_calls": [],
                "parts": [
                    part("handler", "sales"),
                    part("handler", "needs_ledger"),
                    part("handler", "audit_order"),
                    part("resource", "report_ledger"),
                    part("flush", "suppressed records"),
                ],
            },
            "warnings": [],
        })
    );
}

#[test]
fn handlers_are_found_by_their_last_segments() {
    let telemetry = started([
        Handler::new("shop::billing::audit", "report.opened", |_| ()),
        Handler::new("audit_log", "report.opened", |_| ()),
    ]);
    let report = telemetry.report();
    assert_eq!(
        report.handler("billing::audit").unwrap().name,
        "shop::billing::audit"
    );
    assert_eq!(
        report.handler("audit").unwrap().name,
        "shop::billing::audit"
    );
    assert!(report.handler("udit").is_none());
    assert_eq!(
        report.handler("audit_log").unwrap().state,
        HandlerState::Attached
    );
    assert_eq!(
        (report.phase, report.isolation),
        (Phase::Running, Isolation::Unwind)
    );
    assert!(
        telemetry
            .call("audit", &Event::new("report.opened", &[], &[]))
            .is_handled()
    );
}

#[test]
fn a_name_that_fits_two_handlers_is_nobodys() {
    let telemetry = started([
        Handler::new("cash::till", "report.opened", |_| ()),
        Handler::new("card::till", "report.opened", |_| ()),
        Handler::new("till_count", "report.opened", |_| ()),
    ]);
    let report = telemetry.report();
    assert!(report.handler("till").is_none());
    let found = report.handler("cash::till").map(|found| &*found.name);
    assert_eq!(found, Some("cash::till"));
}

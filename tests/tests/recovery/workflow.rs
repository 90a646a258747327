//! A workflow of five steps, the third of which fails: whoever reads of it reads for whom it was,
//! and what was done before.

use gambeson::{
    Classify, Config, Event, Handler, Resource, Restart,
    context::{self, Context, InContext as _},
    emit, instrumented,
};
use gambeson_tests::{PATIENCE, Record, Records, stores::Table, tally};

use crate::started_with;

const STEPS: [&str; 5] = ["reserve", "charge", "pack", "ship", "thank"];

/// Five handlers, of which the third needs the table.
fn steps(table: &'static Resource<Table>) -> [Handler; 5] {
    STEPS.map(|step| {
        let pattern = format!("workflow.{step}");
        let handler = Handler::new(step, &pattern, move |_| {
            let context = Context::current();
            assert_eq!(context.get("order_id").unwrap().as_text(), Some("A-1"));
            assert_eq!(context.get("step").unwrap().as_text(), Some(step));
        });
        if step == "pack" {
            handler.needs(table)
        } else {
            handler
        }
    })
}

/// One step of the order, in a scope of its own.
fn step(name: &'static str) {
    context::scope([("step", name)], || {
        match name {
            "reserve" => emit!("workflow.reserve"),
            "charge" => emit!("workflow.charge"),
            "pack" => emit!("workflow.pack"),
            "ship" => emit!("workflow.ship"),
            _ => emit!("workflow.thank"),
        }
        context::breadcrumb(name);
    });
}

#[track_caller]
fn tells_for_whom(record: &Record) {
    assert_eq!(record.field("handler"), Some("pack"));
    assert_eq!(record.field("reason"), Some("state_unavailable"));
    let context = r#"order_id="A-1" step="pack""#;
    assert_eq!(record.field("context"), Some(context));
    assert_eq!(record.field("breadcrumbs"), Some("reserve > charge"));
}

#[test]
fn a_failing_step_keeps_the_context_of_its_workflow() {
    static TABLE: Resource<Table> =
        Resource::with_opener("packing", Table::open).restart(Restart::never());
    let records = Records::new();
    records.capture(|| {
        let debug = Config::default().with_debug(true);
        let telemetry = started_with(debug, steps(&TABLE));
        let run = || {
            telemetry.enter(|| {
                context::scope([("order_id", "A-1")], || {
                    STEPS.into_iter().for_each(step);
                    let context = Context::current();
                    assert_eq!(context.to_string(), r#"order_id="A-1""#);
                    assert_eq!(context.breadcrumbs(), STEPS);
                })
            })
        };
        run();
        assert!(Table::delete(&TABLE));
        run();
        TABLE.ensure_started_within(PATIENCE).unwrap();
        run();
        assert!(Context::current().is_empty());
        let report = telemetry.report();
        for step in STEPS {
            let expected = if step == "pack" {
                "3 = 2 handled + 1 state_unavailable"
            } else {
                "3 = 3 handled"
            };
            assert_eq!(tally(&report, step), expected);
        }
    });
    let [record] = &records.skips()[..] else {
        panic!("one record: {records:?}")
    };
    tells_for_whom(record);
}

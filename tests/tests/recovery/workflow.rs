//! A workflow of five steps, the third of which fails: whoever reads of it reads for whom it was,
//! and what was done before.

use std::sync::{Arc, mpsc};

use gambeson::{
    Config, Event, Handler, Resource, Restart, Unavailable,
    context::{self, Context},
    emit, instrumented,
};
use gambeson_tests::{PATIENCE, Record, Records, stores::Table, tally};

use crate::{started, started_with};

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
                });
            });
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

/// The same step as a task, in a span.
#[instrumented(event = "workflow.task", skip_all, fields(step = step))]
async fn perform(step: &'static str, table: &'static Resource<Table>) -> Result<(), Unavailable> {
    tokio::task::yield_now().await;
    if step == "pack" {
        table.lease()?.add(1, 1);
    }
    context::breadcrumb(step);
    Ok(())
}

#[test]
fn a_failing_task_keeps_the_context_of_its_workflow() {
    static TABLE: Resource<Table> =
        Resource::with_opener("packing in a task", Table::open).restart(Restart::never());
    let (report, reported) = mpsc::channel();
    let hears = Handler::new(
        "hears",
        "workflow.task.exception",
        move |event: &Event<'_>| {
            report.send(Event::new(event.name(), &[], event.metadata()).to_string())
        },
    );
    let stops = Handler::new("stops", "workflow.task.stop", |_| ());
    let telemetry = Arc::new(started([hears, stops]));
    TABLE.ensure_started_within(PATIENCE).unwrap();
    assert!(Table::delete(&TABLE));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let run = |step| {
        let (telemetry, context) = (Arc::clone(&telemetry), Context::current());
        let performed = async move { telemetry.enter_async(perform(step, &TABLE)).await };
        let task = runtime.spawn(context.follow(performed));
        runtime.block_on(task).unwrap().is_ok()
    };
    let done = context::scope([("order_id", "A-1")], || {
        let done = STEPS.map(run);
        assert_eq!(
            Context::current().breadcrumbs(),
            ["reserve", "charge", "ship", "thank"]
        );
        done
    });
    assert_eq!(done, [true, true, false, true, true]);
    let report = telemetry.report();
    assert_eq!(tally(&report, "stops"), "4 = 4 handled");
    assert_eq!(tally(&report, "hears"), "1 = 1 handled");
    let told = concat!(
        r#"workflow.task.exception step="pack" kind="error" reason="state_unavailable" "#,
        r#"error="resource `packing in a task` is not available: the table was deleted" "#,
        r#"order_id="A-1""#
    );
    assert_eq!(reported.try_recv().unwrap(), told);
}

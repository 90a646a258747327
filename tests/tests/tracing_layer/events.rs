//! An event of tracing, as a handler hears it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use gambeson::{Event, Handler, Number, Telemetry, Value};
use tracing::{Level, event, field, info, warn};

use super::{heard, set_up};

#[test]
fn an_event_has_the_name_of_its_target() {
    let heard = heard("sqlx.**", || {
        info!(target: "sqlx::query", "plain");
        warn!(target: "sqlx::query", rows = 3, "with {} fields", 2);
        info!(target: "sqlx", "of the crate");
        info!(target: "sqlxy", "of another crate");
    });
    assert_eq!(
        heard,
        [
            r#"sqlx.query.event level="INFO" target="sqlx::query" message="plain""#,
            r#"sqlx.query.event rows=3 level="WARN" target="sqlx::query" message="with 2 fields""#,
            r#"sqlx.event level="INFO" target="sqlx" message="of the crate""#,
        ]
    );
}

#[test]
fn an_event_keeps_a_name_of_its_own() {
    let heard = heard("bank.order.*", || {
        event!(name: "order placed", target: "bank::order", Level::DEBUG, id = 7);
        event!(name: "event in name only", target: "bank::order", Level::ERROR, "late");
    });
    assert_eq!(
        heard,
        [
            r#"bank.order.order_placed id=7 level="DEBUG" target="bank::order""#,
            r#"bank.order.event_in_name_only level="ERROR" target="bank::order" message="late""#,
        ]
    );
}

#[test]
fn any_target_is_a_name() {
    let heard = heard("odd.**", || {
        info!(target: "odd::größe::r#type", "");
        info!(target: "odd..a b/*", "");
    });
    assert_eq!(
        heard,
        [
            r#"odd.gr__e.type.event level="INFO" target="odd::größe::r#type" message="""#,
            r#"odd._.a_b__.event level="INFO" target="odd..a b/*" message="""#,
        ]
    );
}

#[test]
fn numbers_are_measurements_and_all_else_metadata() {
    set_up();
    let calls = Arc::new(AtomicU64::new(0));
    let called = calls.clone();
    let check = move |event: &Event<'_>| {
        called.fetch_add(1, Ordering::Relaxed);
        let measurements = [
            ("signed", Number::Signed(-5)),
            ("unsigned", Number::Unsigned(u64::MAX)),
            ("float", Number::Float(0.5)),
        ];
        assert_eq!(event.measurements(), measurements);
        assert_eq!(event.number("signed"), Ok(-5.0));
        let metadata = [
            ("level", Value::Text("INFO")),
            ("target", Value::Text("kinds")),
            ("truth", Value::Bool(true)),
            ("text", Value::Text("a\nb")),
            ("shown", Value::Text("Some(\"x\")")),
            (
                "wide",
                Value::Text("340282366920938463463374607431768211455"),
            ),
            ("user.name", Value::Text("Ada")),
        ];
        assert_eq!(event.metadata(), metadata);
    };
    let telemetry = Telemetry::isolated();
    telemetry
        .attach(Handler::new("kinds", "kinds.event", check))
        .unwrap();
    telemetry.enter(|| {
        info!(
            target: "kinds",
            signed = -5_i8,
            unsigned = u64::MAX,
            float = 0.5_f32,
            truth = true,
            text = "a\nb",
            shown = ?Some("x"),
            wide = u128::MAX,
            user.name = %"Ada",
            absent = field::Empty,
        );
    });
    let report = telemetry.shutdown();
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    assert_eq!(report.handler("kinds").unwrap().handled, 1);
}

#[test]
fn a_record_of_log_has_the_target_it_was_written_with() {
    let record = |target, line| {
        let mut record = log::Record::builder();
        record.target(target).level(log::Level::Warn).line(line);
        let record = record.args(format_args!("old")).build();
        tracing_log::format_trace(&record).unwrap();
    };
    let heard = heard("rustls.**", || {
        record("rustls::client", Some(12));
        record("webpki", None);
        record("rustls", None);
    });
    assert_eq!(
        heard,
        [
            r#"rustls.client.event log.line=12 level="WARN" target="rustls::client" message="old" log.target="rustls::client""#,
            r#"rustls.event level="WARN" target="rustls" message="old" log.target="rustls""#,
        ]
    );
}

//! Async handlers need a runtime to run on.

use gambeson::{AttachError, Event, StartError, Telemetry, defensive_handler, emit};

#[defensive_handler(on = "discovery.async")]
async fn later(event: &Event<'_>) {
    tokio::task::yield_now().await;
    let _ = event.name();
}

#[defensive_handler(on = "discovery.async")]
fn now(event: &Event<'_>) {
    let _ = event.name();
}

#[test]
fn without_one_start_names_those_that_need_it() {
    let error = Telemetry::builder().isolated().start().unwrap_err();
    let StartError::Attach(AttachError::NoRuntime { handlers }) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(handlers, &["discovery_async::later"]);
    assert_eq!(
        error.to_string(),
        "no async runtime to run `discovery_async::later` on: start inside a tokio runtime, or \
         give the builder one (feature `tokio`)"
    );
}

#[test]
fn those_that_need_none_start_without() {
    let builder = Telemetry::builder().isolated();
    let telemetry = builder.filter(|name| !name.ends_with("later")).start();
    assert_eq!(telemetry.unwrap().handlers(), ["discovery_async::now"]);
}

#[test]
fn one_that_start_is_given_or_finds_serves_them() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let given = Telemetry::builder()
        .isolated()
        .runtime(runtime.handle().clone())
        .start()
        .unwrap();
    let found = runtime
        .block_on(async { Telemetry::builder().isolated().start() })
        .unwrap();
    for telemetry in [given, found] {
        telemetry.enter(|| emit!("discovery.async"));
        let report = telemetry.shutdown();
        for name in ["later", "now"] {
            assert_eq!(report.handler(name).unwrap().handled, 1, "{report}");
        }
    }
}

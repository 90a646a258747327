//! A call that succeeds adds nothing to what a subscriber of tracing sees.

use std::pin::Pin;

use gambeson::instrumented;

use super::{configured, heard, pause, run, seen::seen};

#[instrumented(event = "quiet.sync")]
fn sync(order: u8) -> Result<u8, String> {
    tracing::info!("inside");
    Ok(order)
}

#[instrumented(event = "quiet.flat", err)]
fn option(order: u8) -> Option<u8> {
    tracing::info!("inside");
    Some(order)
}

#[instrumented(event = "quiet.unit")]
fn unit(order: u8) {
    tracing::info!("inside");
    let _ = order;
}

#[instrumented(event = "quiet.defended", defend, fallback = 0)]
fn defended(order: u8) -> u8 {
    tracing::info!("inside");
    order
}

#[instrumented(event = "quiet.later", err)]
async fn later(order: u8) -> Result<u8, String> {
    tracing::info!("inside");
    pause().await;
    Ok(order)
}

#[instrumented(event = "quiet.boxed")]
fn boxed(order: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async move {
        tracing::info!("inside");
        pause().await;
        order
    })
}

const CALLS: [(&str, fn()); 6] = [
    ("sync", || {
        let _ = sync(1);
    }),
    ("option", || {
        let _ = option(1);
    }),
    ("unit", || unit(1)),
    ("defended", || {
        let _ = defended(1);
    }),
    ("later", || {
        let _ = run(later(1));
    }),
    ("boxed", || {
        let _ = run(boxed(1));
    }),
];

/// The span, and what the body itself says.
fn alone(name: &str) -> [String; 2] {
    [
        format!("INFO instrumented::quiet {name}: order=u64 1"),
        format!("event in {name}: INFO instrumented::quiet message=text inside"),
    ]
}

#[test]
fn whether_it_is_observed_or_not() {
    let nobody = configured("");
    for (name, call) in CALLS {
        assert_eq!(nobody.enter(|| seen(call)).1, alone(name));
        let (((), lines), events) = heard("quiet.**", || seen(call));
        assert_eq!(lines, alone(name));
        assert_eq!(events.len(), 2, "{events:?}");
        let elsewhere = configured("[[telemetry.rule]]\nevent = \"loud.**\"\ndebug = true");
        assert_eq!(elsewhere.enter(|| seen(call)).1, alone(name));
    }
}

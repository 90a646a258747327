//! `defend` and `fallback`: a call whose panic its caller does not see, and others do.

use gambeson::{Outcome, Skip, SkipReason, instrumented};

use super::{configured, heard, pause, run, seen::told};

#[derive(Debug, PartialEq)]
enum Refused {
    Skipped(SkipReason),
    Closed,
}

impl From<Skip> for Refused {
    fn from(skip: Skip) -> Self {
        Refused::Skipped(skip.reason())
    }
}

#[instrumented(event = "defend.result", defend)]
fn result(order: u32) -> Result<u32, Refused> {
    assert!(order != 13, "unlucky");
    if order == 0 {
        return Err(Refused::Closed);
    }
    Ok(order)
}

#[instrumented(event = "defend.later", defend, err(Debug), ret)]
async fn later(order: u32) -> Result<u32, Refused> {
    pause().await;
    assert!(order != 13, "unlucky");
    if order == 0 {
        return Err(Refused::Closed);
    }
    Ok(order)
}

#[instrumented(event = "defend.unit", defend)]
fn unit(order: u32) {
    assert!(order != 13, "unlucky");
}

#[instrumented(event = "defend.outcome", defend)]
fn outcome(order: u32) -> Outcome<u32> {
    assert!(order != 13, "unlucky");
    Outcome::Handled(order)
}

#[instrumented(event = "defend.value", defend, fallback = 14)]
fn value(order: u32) -> u32 {
    assert!(order != 13, "unlucky");
    order
}

#[instrumented(event = "defend.closure", defend, fallback = |skip| skip.reason().code())]
async fn closure(order: u32) -> &'static str {
    pause().await;
    assert!(order != 13, "unlucky");
    "handled"
}

const UNLUCKY: &str = r#"exception kind="panic" reason="unexpected" error="unlucky""#;

#[track_caller]
fn assert_ends<R: PartialEq + std::fmt::Debug>(
    event: &'static str,
    call: impl FnOnce() -> R,
    returned: &R,
    end: &str,
) {
    let pattern = format!("{event}.*").leak();
    let (value, events) = heard(pattern, call);
    assert_eq!(value, *returned);
    assert_eq!(events, [format!("{event}.start"), format!("{event}.{end}")]);
}

#[test]
fn a_panic_is_an_exception_and_a_skip_for_the_caller() {
    let skipped = Err(Refused::Skipped(SkipReason::Unexpected));
    assert_ends("defend.result", || result(13), &skipped, UNLUCKY);
    assert_ends("defend.later", || run(later(13)), &skipped, UNLUCKY);
    assert_ends("defend.unit", || unit(13), &(), UNLUCKY);
    let reason = || match outcome(13) {
        Outcome::Skipped(skip) => Some(skip.reason()),
        Outcome::Handled(_) => None,
    };
    let unexpected = Some(SkipReason::Unexpected);
    assert_ends("defend.outcome", reason, &unexpected, UNLUCKY);
    assert_ends("defend.value", || value(13), &14, UNLUCKY);
    assert_ends(
        "defend.closure",
        || run(closure(13)),
        &"unexpected",
        UNLUCKY,
    );
}

#[test]
fn a_value_and_an_error_pass_unchanged() {
    let closed = r#"exception kind="error" reason="unexpected" error="Closed""#;
    assert_ends("defend.result", || result(1), &Ok(1), "stop");
    assert_ends("defend.result", || result(0), &Err(Refused::Closed), closed);
    assert_ends("defend.later", || run(later(1)), &Ok(1), "stop");
    assert_ends("defend.unit", || unit(1), &(), "stop");
    let handled = || matches!(outcome(1), Outcome::Handled(1));
    assert_ends("defend.outcome", handled, &true, "stop");
    assert_ends("defend.value", || value(1), &1, "stop");
    assert_ends("defend.closure", || run(closure(1)), &"handled", "stop");
}

#[test]
fn what_is_recorded_is_what_the_body_did() {
    let telemetry = configured("");
    let told = |order| {
        let (_, mut lines) = telemetry.enter(|| told(|| run(later(order))));
        lines.retain(|line| line.starts_with("event in later:"));
        lines
    };
    assert_eq!(
        told(1),
        ["event in later: INFO instrumented::defend return=text 1"]
    );
    assert_eq!(
        told(0),
        ["event in later: ERROR instrumented::defend error=text Closed"]
    );
    let panic = told(13);
    assert_eq!(panic.len(), 1, "{panic:?}");
    assert!(
        panic[0].starts_with(
            "event in later: ERROR instrumented::defend message=str panicked \
             error.type=str _OTHER exception.type=str panic \
             exception.message=str unlucky location=str "
        ),
        "{panic:?}"
    );
}

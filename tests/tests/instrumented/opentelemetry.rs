//! What a failure leaves on the span of its call, in the conventions of OpenTelemetry.

use gambeson::{Classify, instrumented};

use super::{pause, poll_once, run, seen::seen, thrown};

#[derive(Debug, thiserror::Error, Classify)]
enum LedgerError {
    #[error("the file is gone")]
    #[skip(state_unavailable)]
    Gone,
    #[error("the disk is full")]
    #[skip(resource_exhausted)]
    Full,
    #[error("who knows")]
    #[skip(unexpected)]
    Unknown,
}

#[instrumented(skip_all)]
fn record(error: Option<LedgerError>) -> Result<(), LedgerError> {
    error.map_or(Ok(()), Err)
}

#[instrumented(skip_all)]
async fn later(error: Option<LedgerError>) -> Result<(), LedgerError> {
    pause().await;
    error.map_or(Ok(()), Err)
}

#[instrumented]
fn panics() {
    panic!("boom");
}

/// What is recorded on the span of a call after it was made.
fn recorded<R>(name: &str, call: impl FnOnce() -> R) -> Vec<String> {
    let (_, mut lines) = seen(call);
    let begins = format!("later {name}: ");
    assert_eq!(
        lines.remove(0),
        format!("INFO instrumented::opentelemetry {name}:")
    );
    lines
        .iter()
        .filter(|line| !line.starts_with("event"))
        .map(|line| line.strip_prefix(&begins).unwrap().to_owned())
        .collect()
}

fn error_fields(error_type: &str, message: &str) -> Vec<String> {
    let thrown = std::any::type_name::<LedgerError>();
    vec![
        format!("error.type=str {error_type}"),
        format!("exception.type=str {thrown}"),
        format!("exception.message=str {message}"),
    ]
}

fn with_status(mut fields: Vec<String>) -> Vec<String> {
    fields.push("otel.status_code=str ERROR".to_owned());
    fields
}

#[test]
fn an_error_is_on_the_span_with_a_status() {
    let full = with_status(error_fields("resource_exhausted", "the disk is full"));
    let call = || record(Some(LedgerError::Full));
    assert_eq!(recorded("record", call), full);
    let call = || run(later(Some(LedgerError::Full)));
    assert_eq!(recorded("later", call), full);
    let unknown = with_status(error_fields("_OTHER", "who knows"));
    let call = || record(Some(LedgerError::Unknown));
    assert_eq!(recorded("record", call), unknown);
}

#[test]
fn what_is_expected_of_surroundings_is_no_error_of_the_span() {
    let gone = error_fields("state_unavailable", "the file is gone");
    let call = || record(Some(LedgerError::Gone));
    assert_eq!(recorded("record", call), gone);
    let cancelled = || poll_once(std::pin::pin!(later(None)));
    assert_eq!(recorded("later", cancelled), ["error.type=str cancelled"]);
}

#[test]
fn a_panic_is_on_the_span() {
    assert_eq!(
        recorded("panics", || thrown::<&str, _>(panics)),
        [
            "error.type=str _OTHER",
            "exception.type=str panic",
            "exception.message=str boom",
            "otel.status_code=str ERROR"
        ]
    );
}

#[test]
fn a_success_leaves_nothing() {
    assert_eq!(recorded("record", || record(None)), [""; 0]);
    assert_eq!(recorded("later", || run(later(None))), [""; 0]);
}

#[test]
fn a_field_of_the_same_name_is_the_users_until_the_call_fails() {
    #[instrumented(skip_all, fields(otel.status_code = "OK", error.r#type = "none"))]
    fn own(fails: bool) -> Result<(), LedgerError> {
        if fails {
            Err(LedgerError::Gone)
        } else {
            Ok(())
        }
    }
    let span = "INFO instrumented::opentelemetry own: otel.status_code=str OK error.type=str none";
    let (_, lines) = seen(|| own(false));
    assert_eq!(lines, [span]);
    let (_, lines) = seen(|| own(true));
    let gone = error_fields("state_unavailable", "the file is gone");
    let later = gone.iter().map(|field| format!("later own: {field}"));
    let expected: Vec<String> = std::iter::once(span.to_owned()).chain(later).collect();
    assert_eq!(lines, expected);
}

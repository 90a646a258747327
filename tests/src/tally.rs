//! A handler's counts in one line, to be compared with a literal.

use std::fmt::Write as _;

use gambeson::{Event, Handler, IntoVerdict, Outcome, Report, Skip, Telemetry};

/// The counts of a handler, such as `3 = 1 handled + 2 unexpected`.
///
/// # Panics
///
/// If the report has no such handler, or its counts do not add up.
#[track_caller]
pub fn tally(report: &Report, handler: &str) -> String {
    let Some(counts) = report.handler(handler) else {
        panic!("the report has no handler `{handler}`:\n{report}")
    };
    assert!(counts.is_conserved(), "counts do not add up:\n{report}");
    let mut line = format!("{} = {} handled", counts.matched, counts.handled);
    for (reason, count) in &counts.skips {
        let _ = write!(line, " + {count} {reason}");
    }
    line
}

/// The skip of one call of a closure that is refused or fails.
///
/// # Panics
///
/// If the call was handled, or the report does not agree with the outcome.
#[track_caller]
pub fn refused<R: IntoVerdict>(
    telemetry: &Telemetry,
    run: impl Fn(&Event<'_>) -> R + Send + Sync + 'static,
) -> Skip {
    if let Err(error) = telemetry.attach(Handler::new("refused", "case.run", run)) {
        panic!("{error}");
    }
    let outcome = telemetry.call("refused", &Event::new("case.run", &[], &[]));
    let Outcome::Skipped(skip) = outcome else {
        panic!("the call was handled")
    };
    let told = format!("1 = 0 handled + 1 {}", skip.reason());
    assert_eq!(tally(&telemetry.report(), "refused"), told);
    skip
}

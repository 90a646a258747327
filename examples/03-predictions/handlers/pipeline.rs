//! The steps of a program around the request: format, parse, validation, forward.

use gambeson::{Event, defensive_handler};

use super::{EventError, METRICS, amount, step, success};
use crate::metrics::{Metrics, SECONDS};

const STEPS: &[&str] = &["format", "parse", "validation", "forward"];

#[defensive_handler(on(
    "dspex.adapter.*.start",
    "dspex.signature.validation.start",
    "dspex.program.forward.start"
))]
fn count_steps(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) {
    metrics.count("steps_started", step(event, STEPS));
}

#[defensive_handler(on(
    "dspex.adapter.*.stop",
    "dspex.signature.validation.stop",
    "dspex.program.forward.stop"
))]
fn time_steps(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    let duration = amount(event, "duration")?;
    metrics.observe("step_seconds", step(event, STEPS), SECONDS, duration);
    Ok(())
}

#[defensive_handler(on(
    "dspex.adapter.parse.stop",
    "dspex.signature.validation.stop",
    "dspex.program.forward.stop"
))]
fn count_failed_steps(
    event: &Event<'_>,
    #[needs(METRICS)] metrics: &Metrics,
) -> Result<(), EventError> {
    if !success(event)? {
        metrics.count("steps_failed", step(event, STEPS));
    }
    Ok(())
}

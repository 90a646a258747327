//! Predictions: how many, how they ended, how long they took.

use gambeson::{Event, defensive_handler};

use super::{EventError, METRICS, amount, ending, provider, success};
use crate::metrics::{Metrics, SECONDS};

#[defensive_handler(on = "dspex.predict.start")]
fn count_started(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    metrics.count("predictions_started", provider(event)?);
    Ok(())
}

#[defensive_handler(on("dspex.predict.stop", "dspex.predict.exception"))]
fn count_ended(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    let status = if ending(event) == "exception" {
        "exception"
    } else if success(event)? {
        "success"
    } else {
        "failure"
    };
    metrics.count("predictions_ended", status);
    Ok(())
}

#[defensive_handler(on("dspex.predict.stop", "dspex.predict.exception"))]
fn time_predictions(
    event: &Event<'_>,
    #[needs(METRICS)] metrics: &Metrics,
) -> Result<(), EventError> {
    let (provider, duration) = (provider(event)?, amount(event, "duration")?);
    metrics.observe("prediction_seconds", provider, SECONDS, duration);
    Ok(())
}

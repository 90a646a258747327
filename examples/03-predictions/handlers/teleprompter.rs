//! Whole runs of the optimizers.

use gambeson::{Event, defensive_handler};

use super::{EventError, METRICS, amount, step};
use crate::metrics::{Metrics, SECONDS};

const TELEPROMPTERS: &[&str] = &["bootstrap", "beacon"];

#[defensive_handler(on(
    "dspex.teleprompter.bootstrap.start",
    "dspex.teleprompter.beacon.start"
))]
fn count_runs(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) {
    metrics.count("teleprompter_runs", step(event, TELEPROMPTERS));
}

#[defensive_handler(on("dspex.teleprompter.bootstrap.stop", "dspex.teleprompter.beacon.stop"))]
fn time_runs(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    let (run, duration) = (step(event, TELEPROMPTERS), amount(event, "duration")?);
    metrics.observe("teleprompter_seconds", run, SECONDS, duration);
    Ok(())
}

#[defensive_handler(on = "dspex.teleprompter.bootstrap.stop")]
fn count_demos(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    metrics.add("demos", "bootstrapped", amount(event, "demos")?);
    Ok(())
}

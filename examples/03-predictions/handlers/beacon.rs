//! The phases, trials and scores inside a beacon run.

use gambeson::{Event, defensive_handler};

use super::{EventError, METRICS, amount, share, step};
use crate::metrics::{Metrics, SECONDS, SHARES};

const PHASES: &[&str] = &["optimization", "instruction", "trial", "iteration"];
const BANDS: [&str; 5] = ["poor", "weak", "fair", "good", "best"];

#[defensive_handler(on(
    "dspex.teleprompter.beacon.*.start",
    "dspex.teleprompter.beacon.bayesian.iteration.start"
))]
fn count_phases(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) {
    metrics.count("beacon_phases_started", step(event, PHASES));
}

#[defensive_handler(on(
    "dspex.teleprompter.beacon.*.stop",
    "dspex.teleprompter.beacon.bayesian.iteration.stop"
))]
fn time_phases(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    let duration = amount(event, "duration")?;
    metrics.observe(
        "beacon_phase_seconds",
        step(event, PHASES),
        SECONDS,
        duration,
    );
    Ok(())
}

#[defensive_handler(on = "dspex.teleprompter.beacon.trial.stop")]
fn record_scores(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    metrics.observe("trial_scores", "", SHARES, share(event, "score")?);
    Ok(())
}

/// Has a bug on purpose: a score that is given in percent is beyond the table, and panics.
#[defensive_handler(on = "dspex.teleprompter.beacon.trial.stop")]
fn band_trials(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    let fifths = amount(event, "score")? * 5.0;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and a cast to an integer saturates"
    )]
    let band = (fifths.ceil() as usize).saturating_sub(1);
    metrics.count("trials", BANDS[band]);
    Ok(())
}

#[defensive_handler(on(
    "dspex.teleprompter.beacon.trial.stop",
    "dspex.teleprompter.beacon.bayesian.iteration.stop"
))]
fn keep_best_score(
    event: &Event<'_>,
    #[needs(METRICS)] metrics: &Metrics,
) -> Result<(), EventError> {
    metrics.raise("best_score", step(event, PHASES), share(event, "score")?);
    Ok(())
}

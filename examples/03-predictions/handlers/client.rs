//! Requests to the models' providers: how many, how long, what they used and cost.

use gambeson::{Event, defensive_handler};

use super::{EventError, METRICS, amount, ending, provider};
use crate::metrics::{Metrics, SECONDS};

// Without a label, so that no event is lost to it: a lost start is never made good again.
#[defensive_handler(on = "dspex.client.request.*")]
fn track_in_flight(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) {
    let step = if ending(event) == "start" { 1.0 } else { -1.0 };
    metrics.shift("requests_in_flight", "", step);
}

#[defensive_handler(on("dspex.client.request.stop", "dspex.client.request.exception"))]
fn time_requests(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    let (provider, duration) = (provider(event)?, amount(event, "duration")?);
    metrics.observe("request_seconds", provider, SECONDS, duration);
    Ok(())
}

#[defensive_handler(on = "dspex.client.request.exception")]
fn count_request_failures(
    event: &Event<'_>,
    #[needs(METRICS)] metrics: &Metrics,
) -> Result<(), EventError> {
    let metric = match event.text("kind")? {
        "timeout" => "timeouts",
        _ => "request_errors",
    };
    metrics.count(metric, provider(event)?);
    Ok(())
}

// The two token counts are two handlers: streamed answers often lack the second.
#[defensive_handler(on = "dspex.client.request.stop")]
fn count_input_tokens(
    event: &Event<'_>,
    #[needs(METRICS)] metrics: &Metrics,
) -> Result<(), EventError> {
    metrics.add("tokens", "input", amount(event, "input_tokens")?);
    Ok(())
}

#[defensive_handler(on = "dspex.client.request.stop")]
fn count_output_tokens(
    event: &Event<'_>,
    #[needs(METRICS)] metrics: &Metrics,
) -> Result<(), EventError> {
    metrics.add("tokens", "output", amount(event, "output_tokens")?);
    Ok(())
}

#[defensive_handler(on = "dspex.client.request.stop")]
fn add_cost(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) -> Result<(), EventError> {
    let (provider, cost) = (provider(event)?, amount(event, "cost_usd")?);
    metrics.add("cost_usd", provider, cost);
    Ok(())
}

//! All events: those that the other handlers know, and the rest.

use gambeson::{Event, defensive_handler};

use super::METRICS;
use crate::metrics::Metrics;

/// The events that the other handlers know.
const KNOWN: &[&str] = &[
    "dspex.predict.start",
    "dspex.predict.stop",
    "dspex.predict.exception",
    "dspex.client.request.start",
    "dspex.client.request.stop",
    "dspex.client.request.exception",
    "dspex.adapter.format.start",
    "dspex.adapter.format.stop",
    "dspex.adapter.parse.start",
    "dspex.adapter.parse.stop",
    "dspex.signature.validation.start",
    "dspex.signature.validation.stop",
    "dspex.program.forward.start",
    "dspex.program.forward.stop",
    "dspex.teleprompter.bootstrap.start",
    "dspex.teleprompter.bootstrap.stop",
    "dspex.teleprompter.beacon.start",
    "dspex.teleprompter.beacon.stop",
    "dspex.teleprompter.beacon.optimization.start",
    "dspex.teleprompter.beacon.optimization.stop",
    "dspex.teleprompter.beacon.instruction.start",
    "dspex.teleprompter.beacon.instruction.stop",
    "dspex.teleprompter.beacon.trial.start",
    "dspex.teleprompter.beacon.trial.stop",
    "dspex.teleprompter.beacon.bayesian.iteration.start",
    "dspex.teleprompter.beacon.bayesian.iteration.stop",
];

/// Whether a handler takes this event, beside the one that takes all.
pub(crate) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

#[defensive_handler(on = "dspex.**")]
fn count_events(event: &Event<'_>, #[needs(METRICS)] metrics: &Metrics) {
    let label = if is_known(event.name()) {
        "known"
    } else {
        "unknown"
    };
    metrics.count("events", label);
}

#[cfg(test)]
mod tests {
    use gambeson::{Config, Rule, Telemetry};

    use super::KNOWN;

    #[test]
    fn every_known_event_has_a_handler_of_its_own() {
        // What matches is counted also where it is not handled.
        let disabled = Config::default().with_rule(Rule::new().with_enabled(false));
        let telemetry = Telemetry::builder().isolated().config(disabled);
        let telemetry = telemetry.start().unwrap();
        let matched = || -> u64 {
            let report = telemetry.report();
            report.handlers.iter().map(|handler| handler.matched).sum()
        };
        let mut before = matched();
        for name in KNOWN {
            telemetry.emit(name, &[], &[]).unwrap();
            let now = matched();
            assert!(now >= before + 2, "only `count_events` takes `{name}`");
            before = now;
        }
        telemetry.emit("dspex.cache.hit", &[], &[]).unwrap();
        assert_eq!(matched(), before + 1, "`count_events` takes the others");
    }
}

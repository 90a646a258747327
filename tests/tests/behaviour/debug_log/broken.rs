//! Logs that fail, and logs that emit.

use gambeson::{Handler, Quarantine, Telemetry, emit};
use gambeson_tests::tally;
use tracing::Subscriber;
use tracing_subscriber::{
    Layer, Registry,
    layer::{Context, SubscriberExt},
};

use super::debug;
use crate::{boom, started_with};

/// A layer that panics at every event.
struct Broken;

impl<S: Subscriber> Layer<S> for Broken {
    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        panic!("the log is broken");
    }
}

/// A layer that emits events of its own.
struct Emitting;

impl<S: Subscriber> Layer<S> for Emitting {
    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        emit!("shop.opened");
    }
}

fn under<L: Layer<Registry> + Send + Sync>(layer: L) -> String {
    let telemetry: Telemetry = started_with(
        debug(),
        [Handler::new("till", "shop.opened", boom).quarantine(Quarantine::OFF)],
    );
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        telemetry.enter(|| emit!("shop.opened"));
    });
    tally(&telemetry.report(), "till")
}

#[test]
fn a_broken_log_changes_no_count() {
    assert_eq!(under(Broken), "1 = 0 handled + 1 unexpected");
}

/// The record's own event reaches the handler, whose skip is counted and not written again.
#[test]
fn a_log_that_emits_does_not_loop() {
    assert_eq!(under(Emitting), "2 = 0 handled + 2 unexpected");
}

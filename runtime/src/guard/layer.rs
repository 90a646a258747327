//! A guard around a layer of tracing.

use std::{fmt, panic::Location};

use tracing::{
    Dispatch, Event, Metadata, Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::{Layer, layer::Context};

use super::Name;
use crate::{contain::Kept, defend::Defense, handler::Quarantine};

/// Guards a layer of tracing: whatever it does by panicking reaches neither the host that logs nor
/// the layers beside it, and is classified, counted and told. One that fails too often is
/// quarantined, and readmitted by itself.
///
/// Each call of one of its methods is one call of a handler. One that is skipped is as if the layer
/// had not been there: nothing is switched off for others, and no callsite is off for good.
///
/// ```
/// use gambeson::{Telemetry, guard};
/// use tracing_subscriber::{Layer, prelude::*};
///
/// struct Audit;
/// impl<S: tracing::Subscriber> Layer<S> for Audit {
///     fn on_event(&self, _: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
///         panic!("the audit log is gone");
///     }
/// }
///
/// let telemetry = Telemetry::builder().start()?;
/// let audit = guard::layer(Audit).named("audit");
/// tracing_subscriber::registry().with(audit).init(); // a filter goes around: audit.with_filter(..)
/// tracing::info!("the host goes on");
/// # assert!(telemetry.report().handler("audit").unwrap().skipped_in_all() > 0);
/// # Ok::<(), gambeson::StartError>(())
/// ```
///
/// # Limits
///
/// - Put a filter around the guard, `guard::layer(layer).with_filter(filter)`. Inside of it the
///   filter works, but tells tracing no greatest level, so that more callsites are asked.
/// - What others look for inside a layer by its type is not found through the guard: a guarded
///   layer of `tracing-opentelemetry` has no `OpenTelemetrySpanExt`, one of `tracing-error` no
///   `SpanTrace`.
/// - A layer that panics while it holds the extensions of a span poisons their lock for all layers,
///   and for later spans in that place, unless the feature `parking_lot` of `tracing-subscriber` is
///   on, whose locks have no poison. A program with guarded layers should turn it on.
/// - The records of its failures go to all layers, itself among them, while they are told of the
///   event that failed; tracing drops them where the subscriber is set for one thread only.
#[track_caller]
pub fn layer<L>(layer: L) -> GuardedLayer<L> {
    let name = Name::of::<L>();
    GuardedLayer {
        layer: Kept::new(layer),
        defense: Defense::of_guard(name.as_str(), Location::caller()),
        _name: Some(name),
    }
}

/// A layer under a [guard](layer()).
#[must_use = "a layer does nothing until it is part of a subscriber"]
pub struct GuardedLayer<L> {
    layer: Kept<L>,
    defense: Defense,
    /// Kept from other guards, unless it was given.
    _name: Option<Name>,
}

impl<L> GuardedLayer<L> {
    /// Gives it this name in reports, health and rules.
    pub fn named(self, name: &str) -> Self {
        GuardedLayer {
            defense: self.defense.renamed(name),
            _name: None,
            ..self
        }
    }

    /// When it is quarantined, where that differs from the config.
    pub fn quarantine(self, quarantine: Quarantine) -> Self {
        GuardedLayer {
            defense: self.defense.quarantine(quarantine),
            ..self
        }
    }

    /// Tells the layer something.
    fn tell(&self, tell: impl FnOnce(&L)) {
        self.ask((), tell);
    }

    /// Asks the layer something; `otherwise` is what it says while it is skipped.
    fn ask<R>(&self, otherwise: R, ask: impl FnOnce(&L) -> R) -> R {
        let Some(layer) = self.layer.get() else {
            return otherwise;
        };
        self.defense.run_or(|| ask(layer), |_| otherwise)
    }
}

impl<S: Subscriber, L: Layer<S>> Layer<S> for GuardedLayer<L> {
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        self.tell(|layer| layer.on_register_dispatch(subscriber));
    }

    fn on_layer(&mut self, subscriber: &mut S) {
        let GuardedLayer { layer, defense, .. } = self;
        if let Some(layer) = layer.get_mut() {
            defense.run(|| layer.on_layer(subscriber));
        }
    }

    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        self.ask(Interest::sometimes(), |layer| {
            layer.register_callsite(metadata)
        })
    }

    fn enabled(&self, metadata: &Metadata<'_>, context: Context<'_, S>) -> bool {
        self.ask(true, |layer| layer.enabled(metadata, context))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        self.tell(|layer| layer.on_new_span(attributes, id, context));
    }

    /// None: a filter inside the guard is not known to be one, and its level would be that of all.
    fn max_level_hint(&self) -> Option<LevelFilter> {
        None
    }

    fn on_record(&self, span: &Id, values: &Record<'_>, context: Context<'_, S>) {
        self.tell(|layer| layer.on_record(span, values, context));
    }

    fn on_follows_from(&self, span: &Id, follows: &Id, context: Context<'_, S>) {
        self.tell(|layer| layer.on_follows_from(span, follows, context));
    }

    fn event_enabled(&self, event: &Event<'_>, context: Context<'_, S>) -> bool {
        self.ask(true, |layer| layer.event_enabled(event, context))
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        self.tell(|layer| layer.on_event(event, context));
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.tell(|layer| layer.on_enter(id, context));
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.tell(|layer| layer.on_exit(id, context));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.tell(|layer| layer.on_close(id, context));
    }

    fn on_id_change(&self, old: &Id, new: &Id, context: Context<'_, S>) {
        self.tell(|layer| layer.on_id_change(old, new, context));
    }
}

impl<L> fmt::Debug for GuardedLayer<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GuardedLayer({:?})", self.defense)
    }
}

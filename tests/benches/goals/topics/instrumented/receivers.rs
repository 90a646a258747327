//! What takes the events and the spans of the functions, and reads them.

use std::fmt;

use fastrace::{
    Span,
    collector::{Config, Reporter, SpanContext, SpanRecord},
};
use gambeson::{Event, FieldError, Telemetry, defensive_handler};
use tracing::{
    Id, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span::Attributes,
};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

use crate::work;

/// The spans of a root are kept until it ends.
const SPANS_OF_A_ROOT: u64 = 64;

#[defensive_handler(on = "work.timed.stop")]
fn read_duration(event: &Event<'_>) -> Result<(), FieldError> {
    work::note(event.number("duration")?.to_bits());
    Ok(())
}

#[defensive_handler(on = "work.read.stop")]
fn read_fields(event: &Event<'_>) -> Result<(), FieldError> {
    work::note(event.number("duration")?.to_bits());
    work::note(event.number("a")?.to_bits());
    work::note(event.number("b")?.to_bits());
    Ok(())
}

#[defensive_handler(on = "work.started.start")]
fn note_start(event: &Event<'_>) {
    work::note(event.metadata().len() as u64);
}

/// That these handlers took events, and could read each.
pub(super) fn check(telemetry: &Telemetry, handlers: &[&str]) -> Result<(), String> {
    let report = telemetry.report();
    let is_sound = |name: &&str| {
        let handler = report.handler(name);
        handler.is_some_and(|handler| handler.handled > 0 && handler.skipped_in_all() == 0)
    };
    match handlers.iter().find(|name| !is_sound(name)) {
        Some(name) => Err(format!("`{name}` has not read what it was given")),
        None => Ok(()),
    }
}

/// Looks at the fields of a span.
struct Reading;

struct Reader;

impl Visit for Reader {
    fn record_u64(&mut self, _: &Field, value: u64) {
        work::note(value);
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl<S: Subscriber> Layer<S> for Reading {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        attributes.record(&mut Reader);
    }
}

/// A Registry that takes the spans of tracing's own attribute, and not those of ours.
pub(super) fn set_registry(reads_fields: bool) {
    let reading = reads_fields.then_some(Reading);
    let registry = tracing_subscriber::registry().with(reading);
    registry.with(LevelFilter::INFO).init();
}

struct Durations;

impl Reporter for Durations {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        for span in &spans {
            work::note(span.duration_ns);
        }
    }
}

/// Has fastrace's spans read, later and on its own thread.
pub(super) fn set_reporter() {
    fastrace::set_reporter(Durations, Config::default());
}

/// Makes calls whose spans are children of a root.
pub(super) fn in_roots(calls: u64, call: impl Fn()) {
    let mut left = calls;
    while left > 0 {
        let spans = left.min(SPANS_OF_A_ROOT);
        let root = Span::root("work", SpanContext::random());
        let _local = root.set_local_parent();
        for _ in 0..spans {
            call();
        }
        left -= spans;
    }
}

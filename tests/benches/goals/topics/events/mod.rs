//! One event with a measurement and two fields, to one receiver that reads all three (goal 8).

mod by_emit;
mod by_fastrace;
mod by_log;
mod by_metrics;
mod by_opentelemetry;
mod by_tracing;
mod reader;

use std::{error::Error, hint::black_box};

use gambeson::{Event, Number, Telemetry, Value, defensive_handler, emit};

use self::reader::Reader;
use super::registered;
use crate::harness::{Case, Figures, Group, Options, Probe, Row};

/// The name of the probe.
pub(crate) const PROBE: &str = "events";

const DIRECT: &str = "direct call";
const OURS: &str = "emit to 1";
const TRACING: &str = "tracing event on Registry";
const LOG: &str = "log with key-values";
const METRICS: &str = "metrics counter! macro";
const METRICS_HANDLE: &str = "metrics counter handle";
const EMIT: &str = "emit";
const OPENTELEMETRY: &str = "OpenTelemetry counter";
const FASTRACE: &str = "fastrace event";

#[inline(never)]
fn read(event: &Event<'_>) {
    let mut reader = Reader::default();
    for (_, number) in event.measurements() {
        reader.number(number.as_f64());
    }
    for (_, value) in event.metadata() {
        if let Some(text) = value.as_text() {
            reader.text(text);
        }
    }
    reader.finish();
}

#[defensive_handler(on = "peers.read")]
fn handle(event: &Event<'_>) {
    read(event);
}

fn emit_ours() {
    emit!("peers.read", { amount = black_box(9.5) }, { order = "A-1", city = "Lyon" });
}

fn call_directly() {
    let call: fn(&Event<'_>) = black_box(read);
    call(&Event::new(
        "peers.read",
        &[("amount", Number::Float(black_box(9.5)))],
        &[("order", Value::Text("A-1")), ("city", Value::Text("Lyon"))],
    ));
}

/// Times them all.
pub(crate) fn figures(options: &Options) -> Result<Figures, Box<dyn Error>> {
    let _telemetry = Telemetry::builder().filter(registered::is_other).start()?;
    by_tracing::set_up();
    by_log::set_up()?;
    by_metrics::set_up()?;
    let _emit = by_emit::set_up();
    by_fastrace::set_up();
    let counter = by_opentelemetry::counter();
    let handle = by_metrics::handle();
    let group = Group::new([
        Case::new(DIRECT, call_directly),
        Case::new(OURS, emit_ours),
        Case::new(TRACING, by_tracing::event),
        Case::new(LOG, by_log::record),
        Case::new(METRICS, by_metrics::count),
        Case::new(METRICS_HANDLE, move || handle.increment(black_box(9))),
        Case::new(EMIT, by_emit::event),
        Case::new(OPENTELEMETRY, move || by_opentelemetry::count(&counter)),
        Case::looped(FASTRACE, by_fastrace::events),
    ]);
    let rounds = group.measure(options);
    let mut figures = Figures::default();
    for other in [
        TRACING,
        LOG,
        METRICS,
        METRICS_HANDLE,
        EMIT,
        OPENTELEMETRY,
        FASTRACE,
    ] {
        figures.set(other, rounds.ratio(other, OURS));
    }
    figures.set("ours / tracing", rounds.ratio(OURS, TRACING));
    figures.set(
        "added / tracing",
        rounds.median(|round| {
            let direct = round.of(DIRECT);
            (round.of(OURS) - direct) / (round.of(TRACING) - direct)
        }),
    );
    figures.set(OURS, rounds.nanos(OURS));
    Ok(figures)
}

/// Runs the probe.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let figures = Probe::new(PROBE, options).figures();
    let over = |other: &str| Row::times(8, format!("{other} / ours"), figures.get(other));
    vec![
        Row::nanos(
            8,
            "emit to 1 handler that reads the fields",
            figures.get(OURS),
        ),
        Row::times(
            8,
            "ours / tracing event on Registry",
            figures.get("ours / tracing"),
        )
        .at_most(0.75),
        Row::times(
            8,
            "the same, what each adds to a direct call",
            figures.get("added / tracing"),
        )
        .at_most(0.4),
        over(OPENTELEMETRY).at_least(6.0),
        over(EMIT).at_least(25.0),
        over(METRICS).at_least(3.0),
        over(METRICS_HANDLE),
        over(LOG),
        over(FASTRACE),
    ]
}

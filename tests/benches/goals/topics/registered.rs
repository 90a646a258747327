//! A start that finds 1,000 annotated handlers (goal 20).

use std::time::Instant;

use gambeson::{StartError, Telemetry};

use crate::harness::{Figures, Options, Probe, Row, median};

/// The name of the probe.
pub(crate) const PROBE: &str = "registered";

const HANDLERS: f64 = 1_000.0;

/// Ten modules with the same content.
macro_rules! ten {
    ($content:ident) => {
        mod m0 {
            $content!();
        }
        mod m1 {
            $content!();
        }
        mod m2 {
            $content!();
        }
        mod m3 {
            $content!();
        }
        mod m4 {
            $content!();
        }
        mod m5 {
            $content!();
        }
        mod m6 {
            $content!();
        }
        mod m7 {
            $content!();
        }
        mod m8 {
            $content!();
        }
        mod m9 {
            $content!();
        }
    };
}

macro_rules! handler {
    () => {
        #[gambeson::defensive_handler(on = "start.event")]
        fn handler(_: &gambeson::Event<'_>) {}
    };
}

macro_rules! ten_handlers {
    () => {
        ten!(handler);
    };
}

macro_rules! hundred_handlers {
    () => {
        ten!(ten_handlers);
    };
}

ten!(hundred_handlers);

/// Whether a handler is none of the thousand.
pub(crate) fn is_other(name: &str) -> bool {
    !is_ours(name)
}

fn is_ours(name: &str) -> bool {
    name.starts_with(module_path!())
}

/// Starts telemetries, one after the other.
pub(crate) fn figures(options: &Options) -> Result<Figures, StartError> {
    let mut figures = Figures::default();
    let mut started = None;
    let builder = Telemetry::builder().filter(is_ours);
    let memory = allocation_counter::measure(|| started = Some(builder.start()));
    let telemetry = started.transpose()?;
    let handlers = telemetry
        .as_ref()
        .map_or(0, |telemetry| telemetry.handlers().len());
    figures.set("handlers", handlers as f64);
    figures.set("bytes", memory.bytes_current as f64 / HANDLERS);
    drop(telemetry);

    let times = (0..options.samples(60)).map(|_| {
        // What the telemetry before has left is freed here, and not where it is timed.
        drop(Telemetry::builder().filter(|_| false).start()?);
        let builder = Telemetry::builder().filter(is_ours);
        let started = Instant::now();
        let telemetry = builder.start()?;
        let took = started.elapsed().as_secs_f64() * 1e9;
        drop(telemetry);
        Ok(took)
    });
    let times = times.collect::<Result<Vec<f64>, StartError>>()?;
    figures.set("start", median(times));
    Ok(figures)
}

/// Runs the probe.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let figures = Probe::new(PROBE, options).figures();
    vec![
        Row::count(20, "annotated handlers found", figures.get("handlers")).at_least(HANDLERS),
        Row::millis(
            20,
            "start with 1,000 annotated handlers",
            figures.get("start"),
        )
        .at_most(0.5),
        Row::bytes(20, "memory of each of them", figures.get("bytes")),
    ]
}

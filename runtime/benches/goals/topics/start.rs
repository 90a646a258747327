//! Starting with many handlers, and living with them (goal 20). In a process of its own, where no
//! telemetry runs yet.

use std::time::{Duration, Instant};

use gambeson::{AttachError, Builder, Handler, StartError, Telemetry};

use crate::harness::{Figures, Options, Probe, Row, median};

/// The name of the probe.
pub(crate) const PROBE: &str = "start";

const FEW: usize = 1_000;
const MANY: usize = 10_000;

/// The handlers share this many events.
const EVENTS: usize = 100;

/// Runs the probe.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let figures = Probe::new(PROBE, options).figures();
    let get = |name| figures.get(name);
    vec![
        Row::millis(
            20,
            "start with 1,000 handlers made by hand",
            get("start, few"),
        )
        .at_most(0.5),
        Row::millis(
            20,
            "start with 10,000 handlers made by hand",
            get("start, many"),
        )
        .at_most(5.0),
        Row::bytes(20, "memory of each of them", get("bytes")),
        Row::micros(20, "attach beside 10,000", get("attach")),
        Row::micros(20, "detach beside 10,000", get("detach")),
        Row::millis(20, "report on 10,000", get("report")),
        Row::millis(20, "shutdown of 10,000", get("shutdown")),
    ]
}

/// Starts telemetries, one after the other.
pub(crate) fn figures(options: &Options) -> Result<Figures, Box<dyn std::error::Error>> {
    let mut figures = Figures::default();
    // First, since a start frees what the telemetry before it has left.
    let mut started = None;
    let memory = allocation_counter::measure(|| started = Some(builder(MANY).start()));
    figures.set("bytes", memory.bytes_current as f64 / MANY as f64);
    if let Some(telemetry) = started.transpose()? {
        set_life(&mut figures, &telemetry, options)?;
    }
    figures.set("start, few", starts(FEW, options.samples(60))?);
    figures.set("start, many", starts(MANY, options.samples(20))?);
    Ok(figures)
}

/// Without the registered handlers of this program.
fn builder(handlers: usize) -> Builder {
    (0..handlers).fold(Telemetry::builder().filter(|_| false), |builder, number| {
        let (name, event) = (format!("bench::handler_{number}"), number % EVENTS);
        builder.handler(Handler::new(&name, &format!("start.event_{event}"), |_| ()))
    })
}

/// The median time of `start`, in nanoseconds.
fn starts(handlers: usize, samples: usize) -> Result<f64, StartError> {
    let times = (0..samples).map(|_| {
        // A stopped telemetry keeps its handlers until the next one starts. What freeing them
        // takes is not what starting takes, and so an empty one does that.
        drop(builder(0).start()?);
        let builder = builder(handlers);
        let started = Instant::now();
        let telemetry = builder.start()?;
        let took = nanos_since(started);
        drop(telemetry);
        Ok(took)
    });
    times.collect::<Result<Vec<f64>, StartError>>().map(median)
}

fn set_life(
    figures: &mut Figures,
    telemetry: &Telemetry,
    options: &Options,
) -> Result<(), AttachError> {
    let mut times = [const { Vec::new() }; 3];
    let [attach, detach, report] = &mut times;
    for number in 0..options.samples(60) {
        let name = format!("bench::late_{number}");
        let handler = Handler::new(&name, "start.event_0", |_| ());
        let started = Instant::now();
        telemetry.attach(handler)?;
        attach.push(nanos_since(started));
        let started = Instant::now();
        let detached = telemetry.detach(&name, Duration::from_secs(5));
        detach.extend(detached.is_ok().then(|| nanos_since(started)));
        let started = Instant::now();
        drop(telemetry.report());
        report.push(nanos_since(started));
    }
    let [attach, detach, report] = times.map(median);
    figures.set("attach", attach);
    figures.set("detach", detach);
    figures.set("report", report);
    let started = Instant::now();
    telemetry.shutdown();
    figures.set("shutdown", nanos_since(started));
    Ok(())
}

fn nanos_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e9
}

//! A call that is observed (goals 9 and 10): of ours, one handler reads the duration; tracing has a
//! Registry, and no clock.

use std::error::Error;

use gambeson::Telemetry;

use super::{
    calls::{await_one, call, poll},
    functions::{
        plain, read, read_by_tracing, started, timed, timed_by_autometrics, timed_by_fastrace,
        timed_by_tracing,
    },
    receivers,
};
use crate::{
    harness::{Case, Figures, Group, Options, Probe, Row},
    topics::registered,
};

/// The name of the probe of functions that capture nothing.
pub(crate) const TIMED: &str = "instrumented, timed";
/// The name of the probe in which the two fields are captured and read.
pub(crate) const READ: &str = "instrumented, read";

const PLAIN: &str = "plain";
const OURS: &str = "ours";
const STARTED: &str = "ours, only its start";
const TRACING: &str = "by tracing";
const FASTRACE: &str = "by fastrace";
const AUTOMETRICS: &str = "by autometrics";

/// Times calls, then futures of one poll, then polls.
pub(crate) fn timed_figures(options: &Options) -> Result<Figures, Box<dyn Error>> {
    let telemetry = Telemetry::builder().filter(registered::is_other).start()?;
    receivers::set_registry(false);
    receivers::set_reporter();
    let sync = Group::new([
        Case::new(PLAIN, || call(plain::call)),
        Case::new(OURS, || call(timed::call)),
        Case::new(STARTED, || call(started::call)),
        Case::new(TRACING, || call(timed_by_tracing::call)),
        Case::looped(FASTRACE, |calls| {
            receivers::in_roots(calls, || call(timed_by_fastrace::call));
        }),
        Case::new(AUTOMETRICS, || call(timed_by_autometrics::call)),
    ]);
    let later = Group::new([
        Case::new(PLAIN, || await_one(plain::run)),
        Case::new(OURS, || await_one(timed::run)),
        Case::new(STARTED, || await_one(started::run)),
        Case::new(TRACING, || await_one(timed_by_tracing::run)),
        Case::looped(FASTRACE, |calls| {
            receivers::in_roots(calls, || await_one(timed_by_fastrace::run));
        }),
        Case::new(AUTOMETRICS, || await_one(timed_by_autometrics::run)),
    ]);
    let polls = Group::new([
        Case::looped(PLAIN, |polls| poll(plain::run, polls)),
        Case::looped(OURS, |polls| poll(timed::run, polls)),
        Case::looped(TRACING, |polls| {
            poll(timed_by_tracing::run, polls);
        }),
    ]);
    let mut figures = Figures::default();
    for (form, group) in [("call", sync), ("async call", later), ("poll", polls)] {
        let rounds = group.measure(options);
        figures.set(form, rounds.nanos(OURS));
        for (case, baseline) in [
            (OURS, PLAIN),
            (OURS, TRACING),
            (STARTED, TRACING),
            (OURS, FASTRACE),
            (AUTOMETRICS, OURS),
        ] {
            figures.set(&key(form, case, baseline), rounds.ratio(case, baseline));
        }
    }
    receivers::check(&telemetry, &["read_duration", "note_start"])?;
    Ok(figures)
}

/// Times calls and futures of one poll whose fields are read.
pub(crate) fn read_figures(options: &Options) -> Result<Figures, Box<dyn Error>> {
    let telemetry = Telemetry::builder().filter(registered::is_other).start()?;
    receivers::set_registry(true);
    let sync = Group::new([
        Case::new(OURS, || call(read::call)),
        Case::new(TRACING, || call(read_by_tracing::call)),
    ]);
    let later = Group::new([
        Case::new(OURS, || await_one(read::run)),
        Case::new(TRACING, || await_one(read_by_tracing::run)),
    ]);
    let mut figures = Figures::default();
    for (form, group) in [("call", sync), ("async call", later)] {
        let rounds = group.measure(options);
        figures.set(&key(form, OURS, TRACING), rounds.ratio(OURS, TRACING));
    }
    receivers::check(&telemetry, &["read_fields"])?;
    Ok(figures)
}

fn key(form: &str, case: &str, baseline: &str) -> String {
    format!("{form}: {case} / {baseline}")
}

/// Runs the probes.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let timed = Probe::new(TIMED, options).figures();
    let read = Probe::new(READ, options).figures();
    let mut rows = Vec::new();
    if options.wants(&[9]) {
        rows.extend(sync_rows(&timed, &read));
    }
    if options.wants(&[10]) {
        rows.extend(async_rows(&timed, &read));
    }
    rows
}

fn sync_rows(timed: &Figures, read: &Figures) -> [Row; 6] {
    let row = |what, figures: &Figures, case, baseline| {
        Row::times(9, what, figures.get(&key("call", case, baseline)))
    };
    [
        Row::nanos(
            9,
            "instrumented call, its duration read by 1 handler",
            timed.get("call"),
        ),
        row(
            "instrumented call / tracing's on Registry, which reads no clock",
            timed,
            OURS,
            TRACING,
        )
        .at_most(0.7),
        row(
            "instrumented call, two fields read / tracing's, read by a layer",
            read,
            OURS,
            TRACING,
        )
        .at_most(0.7),
        row(
            "instrumented call, only its start observed / tracing's",
            timed,
            STARTED,
            TRACING,
        )
        .at_most(0.2),
        // The goal of 0.55 is for the processor's own clock.
        row(
            "instrumented call with `Instant` / fastrace's",
            timed,
            OURS,
            FASTRACE,
        ),
        row("autometrics' / instrumented call", timed, AUTOMETRICS, OURS).at_least(12.0),
    ]
}

fn async_rows(timed: &Figures, read: &Figures) -> [Row; 7] {
    let row = |what, figures: &Figures, form, case, baseline| {
        Row::times(10, what, figures.get(&key(form, case, baseline)))
    };
    let call = "async call";
    [
        Row::nanos(
            10,
            "instrumented async call of one poll, its duration read by 1 handler",
            timed.get(call),
        ),
        row(
            "instrumented async call / tracing's on Registry",
            timed,
            call,
            OURS,
            TRACING,
        )
        .at_most(0.55),
        row(
            "instrumented async call, two fields read / tracing's, by a layer",
            read,
            call,
            OURS,
            TRACING,
        )
        .at_most(0.55),
        row(
            "poll of an instrumented future / tracing's",
            timed,
            "poll",
            OURS,
            TRACING,
        )
        .at_most(0.55),
        row(
            "poll of an instrumented future / plain",
            timed,
            "poll",
            OURS,
            PLAIN,
        ),
        row(
            "instrumented async call with `Instant` / fastrace's",
            timed,
            call,
            OURS,
            FASTRACE,
        ),
        row(
            "autometrics' / instrumented async call",
            timed,
            call,
            AUTOMETRICS,
            OURS,
        ),
    ]
}

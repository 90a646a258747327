//! What the attributes add to a call that nobody observes (goal 2).

use std::error::Error;

use gambeson::Telemetry;

use super::{
    calls::{await_one, call},
    functions::{by_tracing, plain, unobserved},
};
use crate::{
    harness::{self, Case, Figures, Group, Options, Probe, Row, Table},
    topics::{registered, state::State},
};

/// What the name of a probe or of a counted case starts with, before that of the state.
const PREFIX: &str = "instrumented, ";

/// The states of tracing in which its functions do nothing.
const STATES: [State; 2] = [State::NoSubscriber, State::CallsiteOff];

/// A kind of function.
#[derive(Clone, Copy)]
struct Form {
    name: &'static str,
    plain: &'static str,
    ours: &'static str,
    by_tracing: &'static str,
    /// How much of what tracing adds ours may add.
    limit: f64,
    /// So little is added to a call that only its instructions can be told.
    is_judged_by_time: bool,
}

const SYNC: Form = Form {
    name: "a call",
    plain: "plain",
    ours: "ours",
    by_tracing: "by tracing",
    limit: 0.6,
    is_judged_by_time: false,
};

const ASYNC: Form = Form {
    name: "an async call",
    plain: "async plain",
    ours: "async ours",
    by_tracing: "async by tracing",
    limit: 0.35,
    is_judged_by_time: true,
};

fn cases() -> [Case; 6] {
    [
        Case::new(SYNC.plain, || call(plain::call)),
        Case::new(SYNC.ours, || call(unobserved::call)),
        Case::new(SYNC.by_tracing, || call(by_tracing::call)),
        Case::new(ASYNC.plain, || await_one(plain::run)),
        Case::new(ASYNC.ours, || await_one(unobserved::run)),
        Case::new(ASYNC.by_tracing, || await_one(by_tracing::run)),
    ]
}

/// The state that a probe is for, if it is one of these.
pub(crate) fn state_of(probe: &str) -> Option<State> {
    State::of_name(probe.strip_prefix(PREFIX)?).ok()
}

/// The case and the state that are counted under a name, if it is one of these.
pub(crate) fn counted(name: &str) -> Option<(&str, State)> {
    let (case, state) = name.split_once('/')?;
    Some((case, State::of_name(state).ok()?))
}

/// Makes calls for callgrind.
pub(crate) fn run((case, state): (&str, State), calls: u64) -> Result<(), Box<dyn Error>> {
    state.set();
    let _telemetry = Telemetry::builder().filter(registered::is_other).start()?;
    let cases = cases();
    let case = cases.iter().find(|known| known.name() == case);
    case.ok_or("no such case")?.run(calls);
    Ok(())
}

/// Times them all in one state.
pub(crate) fn figures(state: State, options: &Options) -> Result<Figures, Box<dyn Error>> {
    state.set();
    let _telemetry = Telemetry::builder().filter(registered::is_other).start()?;
    let rounds = Group::new(cases()).measure(options);
    let mut figures = Figures::default();
    for form in [SYNC, ASYNC] {
        let added = rounds.median(|round| round.of(form.ours) - round.of(form.plain));
        let ratio = rounds.median(|round| {
            let plain = round.of(form.plain);
            (round.of(form.ours) - plain) / (round.of(form.by_tracing) - plain)
        });
        figures.set(form.ours, added);
        figures.set(form.by_tracing, ratio);
    }
    Ok(figures)
}

/// Runs the probes.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let of_state = |state: State| {
        let probe = format!("{PREFIX}{}", state.name());
        let figures = Probe::new(&probe, options).figures();
        [SYNC, ASYNC].map(|form| {
            let what = format!("added to {} that is off, {}", form.name, state.name());
            let ratio = Row::times(
                2,
                format!("{what} / added by tracing"),
                figures.get(form.by_tracing),
            );
            let ratio = if form.is_judged_by_time {
                ratio.at_most(form.limit)
            } else {
                ratio
            };
            [Row::nanos(2, what, figures.get(form.ours)), ratio]
        })
    };
    STATES
        .map(of_state)
        .into_iter()
        .flatten()
        .flatten()
        .collect()
}

/// Counts the instructions, or notes why not.
pub(crate) fn count_into(table: &mut Table) {
    match instructions() {
        Ok(rows) => table.add(rows),
        Err(reason) => table.note(reason),
    }
}

fn instructions() -> Result<Vec<Row>, String> {
    let of = |case: &str, state: State| {
        let count = harness::count(&format!("{case}/{}", state.name()))?;
        Ok::<_, String>(count.instructions)
    };
    let mut rows = Vec::new();
    for form in [SYNC, ASYNC] {
        let plain = of(form.plain, State::NoSubscriber)?;
        for state in STATES {
            let ours = of(form.ours, state)? - plain;
            let theirs = of(form.by_tracing, state)? - plain;
            let what = format!(
                "added to {} that is off, {}: {ours:.0} of {theirs:.0} instructions",
                form.name,
                state.name()
            );
            rows.push(Row::times(2, what, ours / theirs).at_most(form.limit));
        }
    }
    Ok(rows)
}

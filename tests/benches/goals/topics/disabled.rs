//! An event that nobody takes, beside tracing's in each state of its filters (goal 1).

use std::{error::Error, hint::black_box};

use gambeson::Telemetry;

use super::{registered, state::State};
use crate::{
    harness::{self, Case, Figures, Group, Options, Probe, Row, Table},
    work,
};

const LOOP: &str = "loop";
const OURS: &str = "emit";
const TRACING: &str = "tracing";

/// How much of tracing's cost ours may be.
const fn limit(state: State) -> f64 {
    match state {
        State::NoSubscriber | State::LevelOff => 1.0,
        State::CallsiteOff | State::LayerIdle => 0.35,
    }
}

// The site is measured, not a call to it.
#[inline(always)]
fn trace() {
    tracing::info!(amount = black_box(9.5), order = "A-1", city = "Lyon");
}

fn cases() -> [Case; 3] {
    [
        Case::new(LOOP, || black_box(())),
        Case::new(OURS, work::unobserved),
        Case::new(TRACING, trace),
    ]
}

/// Makes calls for callgrind: of ours, of the empty loop, or of tracing's in a state.
pub(crate) fn run(name: &str, calls: u64) -> Result<(), Box<dyn Error>> {
    let _telemetry = Telemetry::builder().filter(registered::is_other).start()?;
    let case = if [LOOP, OURS].contains(&name) {
        name
    } else {
        State::of_name(name)?.set();
        TRACING
    };
    let cases = cases();
    let case = cases.iter().find(|known| known.name() == case);
    case.ok_or("no such case")?.run(calls);
    Ok(())
}

/// Times both in one state.
pub(crate) fn figures(state: &str, options: &Options) -> Result<Figures, Box<dyn Error>> {
    State::of_name(state)?.set();
    let _telemetry = Telemetry::builder().filter(registered::is_other).start()?;
    let rounds = Group::new(cases()).measure(options);
    let mut figures = Figures::default();
    figures.set("time", rounds.ratio(OURS, TRACING));
    Ok(figures)
}

/// The times, which are mostly those of the loop.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let row = |state: State| {
        let time = Probe::new(state.name(), options).figures().get("time");
        let what = format!(
            "unobserved emit / tracing {}, time with its loop",
            state.name()
        );
        Row::times(1, what, time)
    };
    State::ALL.map(row).into()
}

/// Counts the instructions, or notes why not.
pub(crate) fn count_into(table: &mut Table) {
    match instructions() {
        Ok(rows) => table.add(rows),
        Err(reason) => table.note(reason),
    }
}

fn instructions() -> Result<Vec<Row>, String> {
    let of = |case| Ok::<_, String>(harness::count(case)?.instructions);
    let empty = of(LOOP)?;
    let ours = of(OURS)? - empty;
    let row = |state: State| {
        let theirs = of(state.name())? - empty;
        let what = format!(
            "unobserved emit / tracing {}: {ours:.0} of {theirs:.0} instructions",
            state.name()
        );
        Ok(Row::times(1, what, ours / theirs).at_most(limit(state)))
    };
    State::ALL.into_iter().map(row).collect()
}

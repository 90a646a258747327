//! Without the asymmetric fence (goal 6): the same calls in a process that uses ordinary ones.

use gambeson::{StartError, Telemetry};

use crate::{
    harness::{Case, Figures, Group, Options, Probe, Row},
    work,
};

/// The name of the probe.
pub(crate) const PROBE: &str = "fences";

const BARE: &str = "bare call";
const DEFENDED: &str = "defended";
const ONE: &str = "emit to 1";

/// Times a defended call and a dispatch.
pub(crate) fn figures(options: &Options) -> Result<Figures, StartError> {
    gambeson::private::use_fences();
    let _telemetry = Telemetry::builder().start()?;
    let rounds = Group::new([
        Case::new(BARE, work::bare),
        Case::new(DEFENDED, work::defended),
        Case::new(ONE, work::to_one),
    ])
    .measure(options);
    let mut figures = Figures::default();
    for case in [DEFENDED, ONE] {
        figures.set(case, rounds.ratio(case, BARE));
    }
    Ok(figures)
}

/// Runs the probe.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let figures = Probe::new(PROBE, options).figures();
    let (defended, one) = (figures.get(DEFENDED), figures.get(ONE));
    vec![
        Row::times(6, "defended call / bare call, ordinary fences", defended).at_most(3.3),
        Row::times(6, "emit to 1 handler / bare call, ordinary fences", one).at_most(5.5),
    ]
}

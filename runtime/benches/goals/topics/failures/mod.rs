//! Failures: panics (goal 11), errors (goal 12) and quarantined handlers (goal 13), each in a
//! process that lets them fail for ever and throws away what is told of them.

mod cases;
mod probes;

pub(crate) use self::probes::{allocations, times};

use crate::harness::{Figures, Options, Probe, Row};

/// The names of the probes.
pub(crate) const TIMES: &str = "failures";
pub(crate) const ALLOCATIONS: &str = "failure-allocations";

/// Runs the probes, one for each state of `RUST_BACKTRACE`.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let probe = || Probe::new(TIMES, options);
    let plain = probe().figures();
    let short = probe().env("RUST_BACKTRACE", "1").figures();
    let full = probe().env("RUST_BACKTRACE", "full").figures();
    let allocations = Probe::new(ALLOCATIONS, options).figures();

    let mut rows = panics(&plain, &short, &full);
    rows.extend(["static", "formatted"].map(|message| {
        let ours = allocations.get(message) - allocations.get(&format!("std, {message}"));
        Row::count(
            11,
            format!("allocations beyond std's, {message} message"),
            ours,
        )
        .at_most(0.0)
    }));
    rows.extend(errors(&plain));
    rows.extend(quarantine(&plain));
    rows
}

fn panics(plain: &Figures, short: &Figures, full: &Figures) -> Vec<Row> {
    let worst = |figure| short.get(figure).max(full.get(figure)) / plain.get(figure);
    vec![
        Row::nanos(11, "catch_unwind + resume_unwind", plain.get("floor, ns")),
        Row::times(
            11,
            "contained panic, static message / floor",
            plain.get("static / floor"),
        )
        .at_most(1.4),
        Row::times(
            11,
            "contained panic, formatted / floor",
            plain.get("formatted / floor"),
        )
        .at_most(1.65),
        Row::times(
            11,
            "the first under RUST_BACKTRACE / without",
            worst("static / floor"),
        )
        .at_most(1.1),
        Row::times(
            11,
            "the second under RUST_BACKTRACE / without",
            worst("formatted / floor"),
        )
        .at_most(1.1),
        Row::times(
            11,
            "std's hook, RUST_BACKTRACE=1 / ours",
            short.get("std / static"),
        )
        .at_least(20.0),
        Row::times(
            11,
            "std's hook, RUST_BACKTRACE=full / ours",
            full.get("std / static"),
        ),
        Row::times(
            11,
            "std's hook, no backtrace / ours",
            plain.get("std / static"),
        ),
    ]
}

fn errors(plain: &Figures) -> Vec<Row> {
    let classified = "error with #[derive(Classify)], over success";
    let unknown = "error of an unknown type, over success";
    vec![
        Row::nanos(12, classified, plain.get("classified, ns over")).at_most(5.0),
        Row::nanos(12, unknown, plain.get("unknown, ns over")).at_most(5.0),
        Row::times(
            12,
            "contained panic / error",
            plain.get("panic / classified"),
        )
        .at_least(300.0),
    ]
}

fn quarantine(plain: &Figures) -> Vec<Row> {
    vec![
        Row::nanos(
            13,
            "quarantined skip, over an empty handler",
            plain.get("quarantined, ns over"),
        )
        .at_most(1.0),
        Row::times(
            13,
            "contained panic / quarantined skip",
            plain.get("panic / quarantined"),
        )
        .at_least(1_500.0),
        Row::times(
            13,
            "quarantined skip, two threads / one",
            plain.get("quarantined, two threads"),
        )
        .at_most(1.1),
    ]
}

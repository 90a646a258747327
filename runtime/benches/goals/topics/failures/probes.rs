//! What the children measure.

use std::{panic, time::Duration};

use gambeson::{Config, StartError, Telemetry};

use super::cases;
use crate::harness::{Case, Figures, Group, Options, group::Rounds};

const FLOOR: &str = "floor";
const STATIC: &str = "static";
const FORMATTED: &str = "formatted";
const STD: &str = "std";
const CLASSIFIED: &str = "classified";
const UNKNOWN: &str = "unknown";
const SUCCESS: &str = "success";
const EMPTY: &str = "empty";
const QUARANTINED: &str = "quarantined";
const QUARANTINED_BESIDE: &str = "quarantined, two threads";

/// What is cheaper cannot be told from nothing, in nanoseconds.
const RESOLUTION: f64 = 0.1;

/// Times failures.
pub(crate) fn times(options: &Options) -> Result<Figures, StartError> {
    let _telemetry = start()?;
    cases::emit_to_quarantined();
    let mut figures = Figures::default();
    set_panics(&mut figures, options);
    set_errors(&mut figures, options);
    set_quarantine(&mut figures, options);
    Ok(figures)
}

/// A quarantine for those only that ask for it, and for longer than a run.
fn start() -> Result<Telemetry, StartError> {
    let (second, hour) = (Duration::from_secs(1), Duration::from_secs(3_600));
    let config = Config::default()
        .with_quarantine_after(u32::MAX, second)
        .with_cooldown(hour, hour);
    Telemetry::builder().config(config).start()
}

fn set_panics(figures: &mut Figures, options: &Options) {
    let rounds = Group::new([
        Case::new(FLOOR, cases::floor),
        Case::new(STATIC, cases::emit_static),
        Case::new(FORMATTED, cases::emit_formatted),
        Case::new(STD, cases::std_static),
    ])
    .measure(options);
    figures.set("floor, ns", rounds.nanos(FLOOR));
    figures.set("static / floor", rounds.ratio(STATIC, FLOOR));
    figures.set("formatted / floor", rounds.ratio(FORMATTED, FLOOR));
    figures.set("std / static", rounds.ratio(STD, STATIC));
}

fn set_errors(figures: &mut Figures, options: &Options) {
    let rounds = Group::new([
        Case::new(SUCCESS, cases::emit_to_success),
        Case::new(CLASSIFIED, cases::emit_classified),
        Case::new(UNKNOWN, cases::emit_unknown),
        Case::new(STATIC, cases::emit_static),
    ])
    .measure(options);
    let added = |case| rounds.median(|round| round.of(case) - round.of(SUCCESS));
    figures.set("classified, ns over", added(CLASSIFIED));
    figures.set("unknown, ns over", added(UNKNOWN));
    figures.set(
        "panic / classified",
        panics_worth(&rounds, CLASSIFIED, SUCCESS),
    );
}

fn set_quarantine(figures: &mut Figures, options: &Options) {
    let rounds = Group::new([
        Case::new(EMPTY, cases::emit_to_empty),
        Case::new(QUARANTINED, cases::emit_to_quarantined),
        Case::new(STATIC, cases::emit_static),
        Case::new(QUARANTINED_BESIDE, cases::emit_to_quarantined).on_two_threads(),
    ])
    .measure(options);
    let over = rounds.median(|round| round.of(QUARANTINED) - round.of(EMPTY));
    figures.set("quarantined, ns over", over);
    figures.set(
        "panic / quarantined",
        panics_worth(&rounds, QUARANTINED, EMPTY),
    );
    figures.set(
        "quarantined, two threads",
        rounds.ratio(QUARANTINED_BESIDE, QUARANTINED),
    );
}

/// How many of these skips a contained panic costs, each over a call that succeeds.
fn panics_worth(rounds: &Rounds, skip: &str, success: &str) -> f64 {
    rounds.median(|round| {
        let success = round.of(success);
        (round.of(STATIC) - success) / (round.of(skip) - success).max(RESOLUTION)
    })
}

/// Counts the allocations of a contained panic, and of the same one under a hook that says
/// nothing.
pub(crate) fn allocations() -> Result<Figures, StartError> {
    panic::set_hook(Box::new(|_| ()));
    let mut figures = Figures::default();
    figures.set("std, static", allocations_of(cases::std_static));
    figures.set("std, formatted", allocations_of(cases::std_formatted));
    let _telemetry = start()?;
    figures.set("static", allocations_of(cases::emit_static));
    figures.set("formatted", allocations_of(cases::emit_formatted));
    Ok(figures)
}

/// Those of one call, once the first ones have filled what is kept, and told what is told.
fn allocations_of(call: fn()) -> f64 {
    for _ in 0..1_000 {
        call();
    }
    allocation_counter::measure(call).count_total as f64
}

//! Counting (goal 15).
//!
//! The count cannot be taken out of a call. What a further handler with an empty body costs, which
//! is its mark, its catch and its two counts, is an upper bound of what the counts cost.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::harness::{Case, Group, Options, Row, group::Round};

const ONE: &str = "1 empty handler";
const NINE: &str = "9 empty handlers";
const SHARED: &str = "shared atomic";
const ONE_BESIDE: &str = "1 empty handler, two threads";
const NINE_BESIDE: &str = "9 empty handlers, two threads";
const SHARED_BESIDE: &str = "shared atomic, two threads";

const FURTHER: f64 = 8.0;

static SHARED_COUNT: AtomicU64 = AtomicU64::new(0);

/// Defines handlers with nothing in them.
macro_rules! empty_handlers {
    ($event:literal: $($name:ident)*) => { $(
        #[gambeson::defensive_handler(on = $event)]
        fn $name(_: &gambeson::Event<'_>) {}
    )* };
}

empty_handlers!("bench.empty": only);
empty_handlers!("bench.empties": first second third fourth fifth sixth seventh eighth ninth);

fn to_one() {
    gambeson::emit!("bench.empty");
}

fn to_nine() {
    gambeson::emit!("bench.empties");
}

fn add() {
    SHARED_COUNT.fetch_add(1, Ordering::Relaxed);
}

/// Times the slope over the handlers beside one atomic that all threads share.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let rounds = Group::new([
        Case::new(ONE, to_one),
        Case::new(NINE, to_nine),
        Case::new(SHARED, add),
        Case::new(ONE_BESIDE, to_one).on_two_threads(),
        Case::new(NINE_BESIDE, to_nine).on_two_threads(),
        Case::new(SHARED_BESIDE, add).on_two_threads(),
    ])
    .measure(options);
    let alone = |round: &Round<'_>| (round.of(NINE) - round.of(ONE)) / FURTHER;
    let beside = |round: &Round<'_>| (round.of(NINE_BESIDE) - round.of(ONE_BESIDE)) / FURTHER;
    vec![
        Row::times(
            15,
            "a further empty handler, counted / a shared atomic",
            rounds.median(|round| alone(round) / round.of(SHARED)),
        )
        .at_most(0.3),
        Row::times(
            15,
            "the same, two threads / one",
            rounds.median(|round| beside(round) / alone(round)),
        )
        .at_most(1.1),
        Row::times(
            15,
            "a shared atomic, two threads / one",
            rounds.ratio(SHARED_BESIDE, SHARED),
        ),
    ]
}

//! A defended function that is called directly (goal 3).

use std::hint::black_box;

use gambeson::Event;

use crate::{
    harness::{Case, Group, Options, Row},
    work,
};

const BARE: &str = "bare call";
const DEFENDED: &str = "defended";
const BARE_PREBUILT: &str = "bare call, event prebuilt";
const DEFENDED_PREBUILT: &str = "defended, event prebuilt";

/// Times it beside the same call undefended.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let rounds = Group::new([
        Case::new(BARE, work::bare),
        Case::new(DEFENDED, work::defended),
        prebuilt(BARE_PREBUILT, work::handle),
        prebuilt(DEFENDED_PREBUILT, work::in_place),
    ])
    .measure(options);
    vec![
        Row::nanos(3, "bare call that builds an event", rounds.nanos(BARE)),
        Row::times(3, "defended call / bare call", rounds.ratio(DEFENDED, BARE)).at_most(1.25),
        Row::times(
            3,
            "the same, event prebuilt",
            rounds.ratio(DEFENDED_PREBUILT, BARE_PREBUILT),
        )
        .at_most(1.8),
    ]
}

fn prebuilt(name: &'static str, call: fn(&Event<'_>)) -> Case {
    Case::looped(name, move |calls| {
        work::with_event(|event| {
            for _ in 0..calls {
                black_box(call)(black_box(event));
            }
        });
    })
}

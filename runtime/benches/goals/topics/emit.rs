//! Emitting to handlers (goals 4 and 5).

use std::{hint::black_box, sync::atomic::AtomicU64};

use gambeson::{Event, Resource, defensive_handler, emit};

use crate::{
    harness::{Case, Group, Options, Row},
    work,
};

const BARE: &str = "bare call";
const ONE: &str = "emit to 1";
const LEASING: &str = "emit to 1 that leases";
const NINE: &str = "emit to 9";
const ONE_BESIDE: &str = "emit to 1, two threads";
const BARE_BESIDE: &str = "bare call, two threads";

/// How many more handlers take the event of the nine.
pub(crate) const FURTHER: f64 = 8.0;

/// Defines handlers of one event.
macro_rules! handlers {
    ($($name:ident)*) => { $(
        #[defensive_handler(on = "bench.nine")]
        fn $name(event: &Event<'_>) {
            work::handle(event);
        }
    )* };
}

/// What the handler of the leased event needs.
pub(crate) static STORE: Resource<AtomicU64> = Resource::new("store");

#[defensive_handler(on = "bench.leased")]
fn leasing(event: &Event<'_>, #[needs(STORE)] store: &AtomicU64) {
    black_box(store);
    work::handle(event);
}

#[inline(never)]
fn to_leasing() {
    emit!("bench.leased", { amount = black_box(9.5) }, { order = "A-1", city = "Lyon" });
}

handlers!(first second third fourth fifth sixth seventh eighth ninth);

/// An event that nine handlers take.
#[inline(never)]
pub(crate) fn to_nine() {
    emit!("bench.nine", { amount = black_box(9.5) }, { order = "A-1", city = "Lyon" });
}

/// Times one handler and nine, on one thread and on two.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let rounds = Group::new([
        Case::new(BARE, work::bare),
        Case::new(ONE, work::to_one),
        Case::new(LEASING, to_leasing),
        Case::new(NINE, to_nine),
        Case::new(BARE_BESIDE, work::bare).on_two_threads(),
        Case::new(ONE_BESIDE, work::to_one).on_two_threads(),
    ])
    .measure(options);
    let slope = rounds.median(|round| {
        let further = (round.of(NINE) - round.of(ONE)) / FURTHER;
        further / round.of(BARE)
    });
    let lease = rounds.median(|round| round.of(LEASING) - round.of(ONE));
    vec![
        Row::nanos(4, "emit to 1 handler", rounds.nanos(ONE)),
        Row::times(4, "emit to 1 handler / bare call", rounds.ratio(ONE, BARE)).at_most(1.9),
        Row::times(4, "each further handler / bare call", slope).at_most(0.35),
        Row::nanos(4, "lease of a resource for the call", lease).at_most(1.0),
        Row::times(
            5,
            "emit to 1 handler, two threads / one",
            rounds.ratio(ONE_BESIDE, ONE),
        )
        .at_most(1.1),
        Row::times(
            5,
            "bare call, two threads / one",
            rounds.ratio(BARE_BESIDE, BARE),
        ),
    ]
}

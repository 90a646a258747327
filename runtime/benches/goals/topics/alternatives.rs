//! The same dispatch by other means that let a detach wait for its calls (goal 7). They catch
//! panics, too; they neither count, nor classify, nor quarantine.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError, RwLock},
};

use arc_swap::ArcSwap;
use gambeson::Event;

use crate::{
    harness::{Case, Group, Options, Row, group::Rounds},
    work,
};

type Handlers = Vec<Arc<dyn Fn(&Event<'_>) + Send + Sync>>;

const BARE: &str = "bare call";
const OURS: &str = "emit to 1";
const LOCKED: &str = "RwLock";
const SWAPPED: &str = "arc-swap";
const BARE_BESIDE: &str = "bare call, two threads";
const OURS_BESIDE: &str = "emit to 1, two threads";
const LOCKED_BESIDE: &str = "RwLock, two threads";
const SWAPPED_BESIDE: &str = "arc-swap, two threads";

/// Times what each adds to the bare call.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let (locked, swapped) = (
        Arc::new(RwLock::new(one())),
        Arc::new(ArcSwap::from_pointee(one())),
    );
    let rounds = Group::new([
        Case::new(BARE, work::bare),
        Case::new(OURS, work::to_one),
        by_lock(LOCKED, &locked),
        by_swap(SWAPPED, &swapped),
        Case::new(BARE_BESIDE, work::bare).on_two_threads(),
        Case::new(OURS_BESIDE, work::to_one).on_two_threads(),
        by_lock(LOCKED_BESIDE, &locked).on_two_threads(),
        by_swap(SWAPPED_BESIDE, &swapped).on_two_threads(),
    ])
    .measure(options);
    let alone = |other| added(&rounds, other, OURS, BARE);
    let beside = |other| added(&rounds, other, OURS_BESIDE, BARE_BESIDE);
    vec![
        Row::times(7, "added by a RwLock / by ours", alone(LOCKED)).at_least(4.0),
        Row::times(7, "added by an arc-swap / by ours", alone(SWAPPED)).at_least(4.0),
        Row::times(7, "the same, RwLock, two threads", beside(LOCKED_BESIDE)).at_least(20.0),
        Row::times(7, "the same, arc-swap, two threads", beside(SWAPPED_BESIDE)),
    ]
}

/// What the other adds to the bare call, in terms of what ours adds.
fn added(rounds: &Rounds, other: &str, ours: &str, bare: &str) -> f64 {
    rounds.median(|round| {
        let bare = round.of(bare);
        (round.of(other) - bare) / (round.of(ours) - bare)
    })
}

fn one() -> Handlers {
    vec![Arc::new(work::handle)]
}

fn by_lock(name: &'static str, handlers: &Arc<RwLock<Handlers>>) -> Case {
    let handlers = Arc::clone(handlers);
    Case::new(name, move || {
        let handlers = handlers.read().unwrap_or_else(PoisonError::into_inner);
        deliver(&handlers);
    })
}

fn by_swap(name: &'static str, handlers: &Arc<ArcSwap<Handlers>>) -> Case {
    let handlers = Arc::clone(handlers);
    Case::new(name, move || deliver(&handlers.load()))
}

fn deliver(handlers: &Handlers) {
    work::with_event(|event| {
        for handler in handlers {
            let _ = catch_unwind(AssertUnwindSafe(|| handler(event)));
        }
    });
}

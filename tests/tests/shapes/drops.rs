//! The order of drops: arguments, locals and temporaries go when they go without the attribute.

#![allow(
    unused_variables,
    dropping_copy_types,
    reason = "arguments that nobody uses are dropped too"
)]

use std::{
    cell::RefCell,
    pin::Pin,
    task::{Context, Waker},
};

use gambeson::{SkipReason, defensive_handler};

use super::{handled, observed, pause, run, twins};

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn note(what: &'static str) {
    DROPPED.with_borrow_mut(|dropped| dropped.push(what));
}

/// What was noted since the last question.
fn noted() -> Vec<&'static str> {
    DROPPED.take()
}

#[derive(PartialEq)]
struct Noted(&'static str);

impl Noted {
    fn temporary(&self) -> Noted {
        assert_ne!(self.0, "temporary");
        Noted("temporary")
    }

    fn number(&self) -> u32 {
        u32::from(!self.0.is_empty())
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        note(self.0);
    }
}

struct Pair {
    left: Noted,
    right: Noted,
}

fn pair() -> Pair {
    Pair {
        left: Noted("left"),
        right: Noted("right"),
    }
}

type Arguments = (Noted, Noted, (Noted, Noted), Noted, Pair);

fn arguments() -> Arguments {
    let tuple = (Noted("tuple.0"), Noted("tuple.1"));
    (Noted("a"), Noted("b"), tuple, Noted("d"), pair())
}

/// Calls a function of five arguments and gives the order in which everything was dropped.
macro_rules! order {
    ($function:path) => {
        order!($function, |value| value)
    };
    ($function:path, $finish:expr) => {{
        let (a, b, tuple, d, pair) = arguments();
        let finish = $finish;
        let value = $function(a, b, tuple, d, pair);
        note("called");
        let value = finish(value);
        note("returned");
        drop(value);
        noted()
    }};
}

twins! {
    #[defensive_handler(fallback = 0)]
    () fn bare_partly, partly(a: Noted, _: Noted, (c, _): (Noted, Noted), _d: Noted, pair: Pair) -> u32 {
        let _moved = pair.right;
        let _local = Noted("local");
        drop(c);
        a.temporary().number()
    }
}

twins! {
    #[defensive_handler(fallback = 0)]
    () fn bare_unused, unused(a: Noted, _: Noted, c: (Noted, Noted), d: Noted, pair: Pair) -> u32 {
        1
    }
}

twins! {
    #[defensive_handler(fallback = Noted("fallback"))]
    () fn bare_given_back, given_back(a: Noted, b: Noted, c: (Noted, Noted), d: Noted, pair: Pair) -> Noted {
        let local = d;
        pair.right
    }
}

#[test]
fn of_a_sync_function() {
    assert_eq!(handled("partly", || order!(partly)), order!(bare_partly));
    assert_eq!(handled("unused", || order!(unused)), order!(bare_unused));
    assert_eq!(
        handled("given_back", || order!(given_back)),
        order!(bare_given_back)
    );
}

twins! {
    #[defensive_handler(fallback = 0)]
    (async) fn bare_partly_async, partly_async(a: Noted, _: Noted, (c, _): (Noted, Noted), _d: Noted, pair: Pair) -> u32 {
        let _moved = pair.right;
        let _local = Noted("local");
        drop(c);
        pause().await;
        a.temporary().number()
    }
}

twins! {
    #[defensive_handler(fallback = 0)]
    (async) fn bare_unused_async, unused_async(a: Noted, _: Noted, c: (Noted, Noted), d: Noted, pair: Pair) -> u32 {
        1
    }
}

twins! {
    #[defensive_handler(fallback = Noted("fallback"))]
    (async) fn bare_given_back_async, given_back_async(a: Noted, b: Noted, c: (Noted, Noted), d: Noted, pair: Pair) -> Noted {
        pause().await;
        let local = d;
        pair.right
    }
}

#[test]
fn of_an_async_function() {
    assert_eq!(
        handled("partly_async", || order!(partly_async, run)),
        order!(bare_partly_async, run)
    );
    assert_eq!(
        handled("unused_async", || order!(unused_async, run)),
        order!(bare_unused_async, run)
    );
    assert_eq!(
        handled("given_back_async", || order!(given_back_async, run)),
        order!(bare_given_back_async, run)
    );
}

impl Pair {
    twins! {
        #[defensive_handler(fallback = 0)]
        (async) fn bare_close, close(self, _x: Noted, _: Noted) -> u32 {
            self.right.temporary().number()
        }
    }

    twins! {
        #[defensive_handler(fallback = Noted("fallback"))]
        (async) fn bare_right, right(self, _x: Noted) -> Noted {
            self.right
        }
    }
}

#[test]
fn of_an_async_method_by_value() {
    let close = handled("close", || {
        run(pair().close(Noted("x"), Noted("y")));
        noted()
    });
    run(pair().bare_close(Noted("x"), Noted("y")));
    assert_eq!(close, noted());
    let right = handled("right", || {
        drop(run(pair().right(Noted("x"))));
        noted()
    });
    drop(run(pair().bare_right(Noted("x"))));
    assert_eq!(right, noted());
}

twins! {
    #[defensive_handler(fallback = 0)]
    () fn bare_tail, tail(at: usize) -> usize {
        let local = RefCell::new(vec![Noted("in the cell")]);
        let _after = Noted("local");
        local.borrow()[at].temporary().0.len()
    }
}

/// The temporary in the tail borrows a local: edition 2021 refuses the body, edition 2024 drops
/// the temporary first.
#[test]
fn of_the_temporaries_of_a_tail() {
    let defended = handled("tail", || {
        tail(0);
        noted()
    });
    bare_tail(0);
    assert_eq!(defended, noted());
    assert_eq!(defended, ["temporary", "local", "in the cell"]);
}

/// A future that is polled once and dropped; what is noted when.
fn cancelled(future: impl Future<Output = u32>) -> Vec<&'static str> {
    let mut future: Pin<Box<dyn Future<Output = u32> + '_>> = Box::pin(future);
    let polled = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
    note("polled");
    drop(future);
    noted()
}

#[test]
fn of_a_cancelled_future() {
    let ((a, b, c, d, pair), twin) = (arguments(), arguments());
    let (order, counts) = observed("partly_async", || cancelled(partly_async(a, b, c, d, pair)));
    assert_eq!(counts.skipped(SkipReason::Cancelled), 1);
    let (a, b, c, d, pair) = twin;
    assert_eq!(order, cancelled(bare_partly_async(a, b, c, d, pair)));
}

#[test]
fn of_a_future_that_is_never_polled() {
    let ((a, b, c, d, pair), twin) = (arguments(), arguments());
    drop(unused_async(a, b, c, d, pair));
    let defended = noted();
    let (a, b, c, d, pair) = twin;
    drop(bare_unused_async(a, b, c, d, pair));
    assert_eq!(defended, noted());
    assert_eq!(defended.len(), 7);
}

#[defensive_handler(fallback = 0)]
fn fails(_a: Noted, _b: Noted, (_c, _): (Noted, Noted), _d: Noted, pair: Pair) -> u32 {
    let _moved = pair.left;
    let _local = Noted("local");
    panic!("after everything was made")
}

#[test]
fn of_a_panic_nothing_is_lost_and_nothing_is_dropped_twice() {
    let (mut dropped, counts) = observed("fails", || order!(fails));
    assert_eq!(counts.skipped(SkipReason::Unexpected), 1);
    assert_eq!(dropped.pop(), Some("returned"));
    assert_eq!(dropped.pop(), Some("called"));
    dropped.sort_unstable();
    assert_eq!(
        dropped,
        [
            "a", "b", "d", "left", "local", "right", "tuple.0", "tuple.1"
        ]
    );
}

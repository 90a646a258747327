//! Only an order makes one handler wait for another.

use std::thread;

use gambeson_tests::{PATIENCE, wait_until};

use super::{held, shutting_down};
use crate::started;

/// Each is still in its call when both are closed, so that both are awaited at once.
#[test]
fn handlers_without_order_are_closed_together() {
    let ((left, left_call), (right, right_call)) = (held("left"), held("right"));
    let telemetry = started([left, right]);
    thread::scope(|scope| {
        left_call.begin(scope, &telemetry, "left");
        right_call.begin(scope, &telemetry, "right");
        let shutdown = shutting_down(scope, &telemetry);
        wait_until("both are closed", PATIENCE, || {
            telemetry.handlers().is_empty()
        });
        assert!(!shutdown.is_finished());
        right_call.let_go();
        left_call.let_go();
        let shutdown = shutdown.join().unwrap();
        assert!(shutdown.is_complete(), "{shutdown}");
        assert_eq!(shutdown.detached, ["right", "left"]);
    });
}

/// The hog has no order with the others, which come to their end beside it.
#[test]
fn nobody_waits_for_a_hog_of_no_concern() {
    let ((hog, hog_call), (last, last_call)) = (held("hog"), held("last"));
    let (first, first_call) = held("first");
    let telemetry = started([hog, last.after("first"), first]);
    thread::scope(|scope| {
        hog_call.begin(scope, &telemetry, "hog");
        last_call.begin(scope, &telemetry, "last");
        let shutdown = shutting_down(scope, &telemetry);
        wait_until("those nobody waits for are closed", PATIENCE, || {
            telemetry.handlers() == ["first"]
        });
        first_call.begin(scope, &telemetry, "first");
        last_call.let_go();
        wait_until("the first is closed, too", PATIENCE, || {
            telemetry.handlers().is_empty()
        });
        first_call.let_go();
        assert!(!shutdown.is_finished(), "the hog is still in its call");
        hog_call.let_go();
        assert!(shutdown.join().unwrap().is_complete());
    });
}

//! Who attached last is closed first, and takes events no longer than who it needs.

use std::thread;

use gambeson_tests::{PATIENCE, tally, wait_until};

use super::{call, held, shutting_down};
use crate::started;

#[test]
fn a_handler_takes_events_until_those_after_it_are_drained() {
    let ((first, first_call), (last, last_call)) = (held("first"), held("last"));
    let telemetry = started([first, last.after("first")]);
    thread::scope(|scope| {
        last_call.begin(scope, &telemetry, "last");
        let shutdown = shutting_down(scope, &telemetry);
        wait_until("the last one is closed", PATIENCE, || {
            telemetry.handlers() == ["first"]
        });
        assert!(!call(&telemetry, "last"), "it is closed");
        first_call.begin(scope, &telemetry, "first");
        first_call.let_go();
        assert!(!shutdown.is_finished());
        last_call.let_go();
        let shutdown = shutdown.join().unwrap();
        assert_eq!(shutdown.detached, ["last", "first"]);
        assert!(shutdown.is_complete(), "{shutdown}");
    });
    let report = telemetry.report();
    assert_eq!(tally(&report, "first"), "1 = 1 handled");
    assert_eq!(tally(&report, "last"), "2 = 1 handled + 1 shutting_down");
}

/// The report has the exact reverse of the order, whoever was closed together.
#[test]
fn detached_is_the_reverse_of_attached() {
    let names = ["a", "b", "c", "d"];
    let handlers = names.map(|name| held(name).0);
    let [a, b, c, d] = handlers;
    let telemetry = started([a.after("d"), b, c.before("b"), d]);
    let mut attached = telemetry.handlers();
    attached.reverse();
    let shutdown = super::ended(telemetry.shutdown());
    assert_eq!(shutdown.detached, attached);
    let parts = shutdown.parts.iter().take(names.len());
    let parts: Vec<_> = parts.map(|part| part.name.clone()).collect();
    assert_eq!(parts, attached);
}

//! Calls that outlive the detachment of their handler.

use std::{
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use gambeson::{DetachError, Handler, Resource, Telemetry, emit};

/// A handler that says when it has begun, and goes on when it is told.
struct Held {
    begun: mpsc::Receiver<()>,
    go_on: mpsc::Sender<()>,
}

fn held(id: &str) -> (Handler, Held) {
    let (entered, begun) = mpsc::channel();
    let (go_on, wait) = mpsc::channel();
    let wait = Mutex::new(wait);
    let handler = Handler::new(id, "edge.held", move |_| {
        entered.send(()).expect("the test waits for it");
        wait.lock().unwrap().recv().expect("the test lets it go on");
    });
    (handler, Held { begun, go_on })
}

/// Runs `test` while a detached handler's call is running.
fn while_detached_runs(test: impl FnOnce(&Telemetry)) -> Telemetry {
    let telemetry = Telemetry::isolated();
    let (handler, held) = held("slow");
    telemetry.attach(handler).unwrap();
    thread::scope(|scope| {
        let emitter = scope.spawn(|| telemetry.enter(|| emit!("edge.held")));
        held.begun.recv().unwrap();
        let detached = telemetry.detach("slow", Duration::ZERO);
        assert!(matches!(detached, Err(DetachError::StillRunning { .. })));
        // Without the call's end the scope would never be left.
        let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(&telemetry)));
        held.go_on.send(()).unwrap();
        emitter.join().unwrap();
        answer.unwrap();
    });
    telemetry
}

#[test]
fn a_shutdown_names_calls_of_handlers_that_were_detached_before() {
    let telemetry = while_detached_runs(|telemetry| {
        let shutdown = telemetry.shutdown_within(Duration::ZERO).shutdown.unwrap();
        assert_eq!(shutdown.stragglers.len(), 1);
        assert_eq!(shutdown.stragglers[0].handler, "slow");
    });
    assert!(telemetry.report().handler("slow").unwrap().is_conserved());
}

#[test]
fn a_handler_that_is_attached_again_answers_for_its_earlier_calls() {
    let telemetry = while_detached_runs(|telemetry| {
        let again = Handler::new("slow", "edge.held", |_| ());
        telemetry.attach(again).unwrap();
        assert_eq!(telemetry.report().handler("slow").unwrap().in_flight, 1);
        let detached = telemetry.detach("slow", Duration::ZERO);
        assert!(matches!(
            detached,
            Err(DetachError::StillRunning { in_flight: 1, .. })
        ));
    });
    assert!(telemetry.detach("slow", Duration::ZERO).is_ok());
    let report = telemetry.report();
    assert_eq!(report.handler("slow").unwrap().handled, 1);
}

#[test]
fn a_second_revocation_waits_for_the_leases_of_the_first() {
    static TILL: Resource<u32> = Resource::new("till");
    let _till = TILL.provide(7);
    let lease = TILL.lease().unwrap();
    assert_eq!(TILL.revoke(Duration::ZERO).outstanding, 1);
    assert_eq!(TILL.revoke(Duration::ZERO).outstanding, 1);
    drop(lease);
    assert_eq!(TILL.revoke(Duration::ZERO).outstanding, 0);
}

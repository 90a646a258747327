//! Which panic an exception tells of, where there is more than one.

use std::{
    panic::{catch_unwind, resume_unwind},
    sync::{Arc, Mutex},
};

use gambeson::{Event, Handler, Telemetry, emit, instrumented};

use super::seen::seen;

/// Emits when it is dropped, also while a thread unwinds.
struct Leaving;

impl Drop for Leaving {
    fn drop(&mut self) {
        emit!("whose.left");
        let _ = catch_unwind(inner);
    }
}

#[instrumented(event = "whose.inner")]
fn inner() {
    emit!("whose.left");
}

#[instrumented(event = "whose.outer")]
fn outer() {
    let _leaving = Leaving;
    panic!("the function's own");
}

/// Has a handler that panics at what is emitted on the way, and tells the errors of exceptions.
fn errors(code: impl FnOnce()) -> Vec<String> {
    let errors = Arc::new(Mutex::new(Vec::new()));
    let hear = {
        let errors = Arc::clone(&errors);
        move |event: &Event<'_>| {
            let error = event.text("error").unwrap_or_default();
            errors.lock().unwrap().push(error.to_owned());
        }
    };
    let telemetry = Telemetry::isolated();
    let bad = |_: &Event<'_>| -> () { panic!("the handler's") };
    telemetry
        .attach(Handler::new("bad", "whose.left", bad))
        .unwrap();
    telemetry
        .attach(Handler::new("ear", "whose.*.exception", hear))
        .unwrap();
    telemetry.enter(code);
    let report = telemetry.shutdown();
    assert!(report.handler("bad").unwrap().matched > 0);
    errors.lock().unwrap().clone()
}

#[test]
fn a_handler_that_panics_meanwhile_is_not_taken_for_the_function() {
    let errors = errors(|| assert!(catch_unwind(outer).is_err()));
    assert_eq!(errors, ["the function's own"]);
}

#[instrumented]
fn resumed() {
    emit!("whose.left");
    resume_unwind(Box::new("seen by no hook"));
}

#[test]
fn a_handler_that_panicked_before_is_not_taken_for_a_panic_that_is_resumed() {
    let mut lines = Vec::new();
    errors(|| lines = seen(|| assert!(catch_unwind(resumed).is_err())).1);
    let told: Vec<&String> = lines
        .iter()
        .filter(|line| line.contains("exception.message"))
        .collect();
    assert!(!told.is_empty(), "{lines:?}");
    for line in told {
        assert!(!line.contains("handler"), "{line}");
    }
}

//! A panic hook that somebody sets over ours, and that does not call it: a panic is told all the
//! same, without what only a hook is shown. The hook is the process's, and so this is a process.

#![allow(clippy::unwrap_used, reason = "what cannot fail here, must not")]

use std::{
    panic,
    sync::{Arc, Mutex},
};

use gambeson::{Event, Handler, Telemetry, instrumented};

#[instrumented(event = "hook.call")]
fn call() -> u8 {
    assert!(std::env::args().count() == 0, "not told");
    1
}

#[test]
fn without_our_hook_a_panic_is_told_without_its_message() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = {
        let told = Arc::clone(&told);
        move |event: &Event<'_>| {
            let untimed = Event::new(event.name(), &[], event.metadata());
            told.lock().unwrap().push(untimed.to_string());
        }
    };
    let telemetry = Telemetry::isolated();
    let ear = Handler::new("ear", "hook.call.exception", tell);
    telemetry.attach(ear).unwrap();
    let panics = || panic::catch_unwind(call).unwrap_err();
    let with_ours = telemetry.enter(panics);
    panic::set_hook(Box::new(|_| ()));
    let without = telemetry.enter(panics);
    drop(panic::take_hook());
    for payload in [with_ours, without] {
        assert_eq!(payload.downcast_ref(), Some(&"not told"));
    }
    telemetry.shutdown();
    let exception = r#"hook.call.exception kind="panic""#;
    let unknown = "a panic whose message the panic hook was not shown";
    assert_eq!(
        *told.lock().unwrap(),
        [
            format!(r#"{exception} reason="unexpected" error="not told""#),
            format!(r#"{exception} reason="unexpected" error="{unknown}""#)
        ]
    );
}

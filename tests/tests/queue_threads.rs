//! A queue in a process that has no room for another thread. Alone in its process, whose memory is
//! limited.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use gambeson::{AttachError, Handler, Telemetry, emit};
use gambeson_tests::{PATIENCE, tally, without_threads};

/// It is told when the handler is attached, and not by events that are lost.
#[test]
fn a_queue_without_a_thread_is_refused() {
    let handler = || Handler::new("queued", "threads.sent", |_| ()).queue(8);
    let telemetry = Telemetry::isolated();
    without_threads(|| {
        let error = telemetry.attach(handler()).unwrap_err();
        let AttachError::NoThread { handler, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(handler, "queued");
        let told = "no thread for the queue of handler `queued` can be had: ";
        assert!(error.to_string().starts_with(told), "{error}");
        assert_eq!(telemetry.handlers(), Vec::<String>::new());
    });
    telemetry.attach(handler()).unwrap();
    telemetry.enter(|| emit!("threads.sent"));
    telemetry.flush(PATIENCE).unwrap();
    assert_eq!(tally(&telemetry.report(), "queued"), "1 = 1 handled");
}

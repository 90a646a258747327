//! A record is not lost because another thread, where nobody listens, was the first to write one.
//!
//! A binary of its own: while there is just one subscriber in the process, tracing asks that of the
//! thread that comes to a callsite first, and keeps its answer for all.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use std::thread;

use gambeson::{Config, Event, Handler, Telemetry, emit};
use gambeson_tests::Records;

fn boom(_: &Event<'_>) {
    panic!("boom");
}

#[test]
fn the_first_to_write_decides_for_nobody_else() {
    let records = Records::new();
    records.capture(|| {
        let telemetry = Telemetry::builder()
            .isolated()
            .filter(|_| false)
            .config(Config::default().with_debug(true))
            .handler(Handler::new("bomb", "case.run", boom))
            .start()
            .unwrap();
        let fail = || telemetry.enter(|| emit!("case.run"));
        thread::scope(|scope| scope.spawn(fail).join().unwrap());
        assert_eq!(records.skips().len(), 0, "nobody listens there");
        fail();
        assert_eq!(records.skips().len(), 1);
    });
}

//! A runtime that goes takes the workers of its queues with it, and nobody has to guess it.

use std::sync::atomic::{AtomicU64, Ordering};

use gambeson::{Event, Status, defensive_handler, emit, handler};
use gambeson_tests::{PATIENCE, Records, tally, wait_until};

use crate::{runtime, served_by, settled};

static BEGUN: AtomicU64 = AtomicU64::new(0);

#[defensive_handler(on = "unserved.sent")]
async fn mails(event: &Event<'_>) {
    BEGUN.fetch_add(1, Ordering::SeqCst);
    if event.number("stays").is_ok() {
        std::future::pending::<()>().await;
    }
}

/// Told by health at once, and by one record for all the events that are lost; the runtime of
/// whoever emits next takes its place.
#[test]
fn it_is_told_and_another_runtime_takes_its_place() {
    let records = Records::new();
    records.capture(|| {
        let first = runtime(1);
        let telemetry = served_by(&first).handler(handler!(mails)).start().unwrap();
        let send = || telemetry.enter(|| emit!("unserved.sent"));
        telemetry.enter(|| emit!("unserved.sent", { stays = 1 }));
        wait_until("it is begun", PATIENCE, || {
            BEGUN.load(Ordering::SeqCst) == 1
        });
        assert_eq!(telemetry.health().status, Status::Well);

        drop(first);
        let health = telemetry.health();
        let [mails] = &health.handlers[..] else {
            panic!("{health}")
        };
        assert!(mails.handler.ends_with("::mails"), "{health}");
        assert_eq!(mails.status, Status::Down);
        assert_eq!(
            mails.cause,
            "its queue is not served: the async runtime it ran on is gone"
        );
        assert_eq!(health.status, Status::Degraded);
        (0..5).for_each(|_| send());
        assert_eq!(
            tally(&telemetry.report(), "mails"),
            "6 = 0 handled + 5 shutting_down + 1 cancelled"
        );
        let told = records.saying("handler is not served");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].field("handler").unwrap().ends_with("::mails"));

        let second = runtime(1);
        second.block_on(async { send() });
        settled(&telemetry, "mails");
        assert_eq!(telemetry.health().status, Status::Well);
        send();
        let report = telemetry.shutdown();
        assert_eq!(
            tally(&report, "mails"),
            "8 = 2 handled + 5 shutting_down + 1 cancelled"
        );
        assert_eq!(records.saying("handler is not served").len(), 1);
    });
}

static HELD: AtomicU64 = AtomicU64::new(0);

#[defensive_handler(on = "unserved.waiting")]
async fn holds(_: &Event<'_>) {
    HELD.fetch_add(1, Ordering::SeqCst);
    std::future::pending::<()>().await;
}

/// A program that ends with nothing left to handle says nothing.
#[test]
fn a_runtime_that_goes_last_is_no_loss() {
    let records = Records::new();
    records.capture(|| {
        let runtime = runtime(1);
        let telemetry = served_by(&runtime)
            .handler(handler!(holds))
            .start()
            .unwrap();
        telemetry.enter(|| emit!("unserved.waiting"));
        wait_until("it is begun", PATIENCE, || HELD.load(Ordering::SeqCst) == 1);
        drop(runtime);
        let report = telemetry.shutdown();
        assert_eq!(tally(&report, "holds"), "1 = 0 handled + 1 cancelled");
    });
    assert_eq!(records.saying("handler is not served"), []);
}

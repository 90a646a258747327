//! Contexts and spans need nothing that can be gone: no telemetry, no subscriber, no thread-local.

use std::{cell::RefCell, sync::mpsc, thread};

use gambeson::{
    Event, Handler, Number, SkipReason, Telemetry,
    context::{self, Context},
    instrumented,
};
use gambeson_tests::{PATIENCE, tally};

use crate::started;

/// Doubles a number, in a span, with what was done in a context.
#[instrumented(event = "machinery.work", skip(inside))]
fn work(number: u64, inside: impl FnOnce()) -> (u64, String) {
    context::scope([("number", number)], || {
        inside();
        context::breadcrumb("it was doubled");
        let context = Context::current();
        let told = format!("{context}, {}", context.breadcrumbs().join(" > "));
        (number * 2, told)
    })
}

#[track_caller]
fn works(number: u64, inside: impl FnOnce()) {
    let told = format!("number={number}, it was doubled");
    assert_eq!(work(number, inside), (number * 2, told));
    assert!(Context::current().is_empty());
}

fn counters() -> [Handler; 3] {
    ["start", "stop", "exception"]
        .map(|end| Handler::new(end, &format!("machinery.work.{end}"), |_: &Event<'_>| ()))
}

#[test]
fn without_any_telemetry() {
    works(1, || ());
}

#[test]
fn after_the_shutdown() {
    let telemetry = started(counters());
    telemetry.enter(|| works(2, || ()));
    let before = telemetry.shutdown();
    assert_eq!(tally(&before, "stop"), "1 = 1 handled");
    telemetry.enter(|| works(3, || ()));
    let call = telemetry.call("stop", &Event::new("machinery.work.stop", &[], &[]));
    assert_eq!(call.reason(), Some(SkipReason::ShuttingDown));
    let after = telemetry.report();
    let counts = after.handler("stop").unwrap();
    assert_eq!(counts.handled, 1);
    assert!(counts.is_conserved(), "{after}");
}

/// The telemetry ends while the call is open: the call does not.
#[test]
fn while_the_shutdown_runs() {
    let telemetry = started(counters());
    telemetry.enter(|| works(4, || drop(telemetry.shutdown())));
    let report = telemetry.report();
    assert_eq!(tally(&report, "start"), "1 = 1 handled");
    assert_eq!(report.handler("stop").unwrap().handled, 0);
    let open = report.shutdown.unwrap().open_calls;
    assert_eq!(open.len(), 1, "the call that was open is named");
    assert!(open[0].name.ends_with("machinery::work"), "{open:?}");
    assert!(telemetry.active_spans().is_empty());
}

/// What a thread keeps to the end: its work is done when other thread-locals are gone.
struct LastWork {
    telemetry: Telemetry,
    done: mpsc::Sender<(u64, String)>,
}

impl LastWork {
    /// By its name, for the thread has left all telemetries when its locals are gone.
    fn work(&self, number: u64) -> (u64, String) {
        let emission = || self.telemetry.emit("machinery.done", &[], &[]).unwrap();
        work(number, emission)
    }
}

impl Drop for LastWork {
    fn drop(&mut self) {
        // The test waits for it.
        let _ = self.done.send(self.work(5));
    }
}

#[test]
fn in_the_destructor_of_a_thread_local() {
    thread_local! {
        static LAST: RefCell<Option<LastWork>> = const { RefCell::new(None) };
    }
    let (report, reported) = mpsc::channel();
    let handler = Handler::new("hears", "machinery.done", move |_| {
        let number = Context::current()
            .get("number")
            .and_then(|number| number.as_number());
        report.send(number.map(Number::as_f64))
    });
    let telemetry = started([handler]);
    let (done, is_done) = mpsc::channel();
    let thread = thread::spawn(move || {
        // Older than the locals of the runtime, and so dropped after them.
        LAST.set(Some(LastWork { telemetry, done }));
        LAST.with_borrow(|last| last.as_ref().map(|last| last.work(6)))
    });
    let told = |number| format!("number={number}, it was doubled");
    assert_eq!(thread.join().unwrap(), Some((12, told(6))));
    assert_eq!(is_done.recv_timeout(PATIENCE), Ok((10, told(5))));
    let heard: Vec<_> = reported.iter().collect();
    assert_eq!(heard, [Some(6.0), Some(5.0)]);
}

/// The subscriber that opened the span is dropped before the span is closed.
#[test]
fn with_the_subscriber_gone() {
    let telemetry = started(counters());
    let subscribed = tracing::subscriber::set_default(tracing_subscriber::registry());
    telemetry.enter(|| works(7, move || drop(subscribed)));
    telemetry.enter(|| works(8, || ()));
    let report = telemetry.report();
    assert_eq!(tally(&report, "start"), "2 = 2 handled");
    assert_eq!(tally(&report, "stop"), "2 = 2 handled");
    assert_eq!(tally(&report, "exception"), "0 = 0 handled");
    assert!(telemetry.active_spans().is_empty());
}

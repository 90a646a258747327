//! G1: whatever a handler does, the code that emitted the event goes on.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, panic_any},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

use gambeson::{
    Config, Event, Handler, Outcome, Skip, SkipReason, Telemetry, defensive_handler, emit,
};
use gambeson_tests::tally;

use crate::{BOOM_LINE, boom, started};

#[test]
fn the_emitter_and_the_handlers_behind_go_on() {
    let telemetry = started([
        Handler::new("a_panics", "shop.opened", boom),
        Handler::new("b_works", "shop.opened", |_| ()),
        Handler::new("c_fails", "shop.opened", |_| Err("no luck")),
    ]);
    let after = telemetry.enter(|| {
        emit!("shop.opened");
        "reached"
    });
    assert_eq!(after, "reached");
    let report = telemetry.report();
    assert_eq!(tally(&report, "a_panics"), "1 = 0 handled + 1 unexpected");
    assert_eq!(tally(&report, "b_works"), "1 = 1 handled");
    assert_eq!(tally(&report, "c_fails"), "1 = 0 handled + 1 unexpected");
}

#[test]
fn a_nested_handlers_panic_is_the_inner_ones() {
    let telemetry = started([
        Handler::new("inner", "shop.inner", boom),
        Handler::new("outer", "shop.outer", |_| {
            emit!("shop.inner");
        }),
    ]);
    let event = Event::new("shop.outer", &[], &[]);
    assert!(telemetry.call("outer", &event).is_handled());
    let report = telemetry.report();
    assert_eq!(tally(&report, "outer"), "1 = 1 handled");
    assert_eq!(tally(&report, "inner"), "1 = 0 handled + 1 unexpected");
    let inner = telemetry.call("inner", &Event::new("shop.inner", &[], &[]));
    let place = panicked_at(&inner);
    assert_eq!(place, BOOM_LINE);
}

/// An inner panic that was contained does not lend its place to the outer one.
#[test]
fn nested_panics_have_a_place_each() {
    fn outer(_: &Event<'_>) {
        emit!("shop.inner");
        panic!("outside");
    }
    let outer_line = line!() - 2;
    let telemetry = started([
        Handler::new("inner", "shop.inner", boom),
        Handler::new("outer", "shop.outer", outer),
    ]);
    let outcome = telemetry.call("outer", &Event::new("shop.outer", &[], &[]));
    assert_eq!(panicked_at(&outcome), outer_line);
}

fn panicked_at(outcome: &Outcome<()>) -> u32 {
    let panic = outcome.skip().and_then(Skip::panic).expect("it panicked");
    panic.location.as_ref().expect("the hook saw it").line
}

#[test]
fn a_handler_does_not_run_inside_itself() {
    let telemetry = started([Handler::new("loops", "shop.**", |_| {
        emit!("shop.again");
    })]);
    telemetry.enter(|| emit!("shop.opened"));
    assert_eq!(
        tally(&telemetry.report(), "loops"),
        "2 = 1 handled + 1 reentrant"
    );
}

#[test]
fn handlers_that_call_each_other_end() {
    let telemetry = started([
        Handler::new("ping", "shop.ping", |_| {
            emit!("shop.pong");
        }),
        Handler::new("pong", "shop.pong", |_| {
            emit!("shop.ping");
        }),
    ]);
    telemetry.enter(|| emit!("shop.ping"));
    let report = telemetry.report();
    assert_eq!(tally(&report, "ping"), "2 = 1 handled + 1 reentrant");
    assert_eq!(tally(&report, "pong"), "1 = 1 handled");
}

struct EmitsWhenDropped;

impl Drop for EmitsWhenDropped {
    fn drop(&mut self) {
        emit!("shop.dropped");
    }
}

/// A second panic that left the handler would abort the process.
#[test]
fn a_panicking_handler_while_the_thread_unwinds() {
    let telemetry = started([
        Handler::new("a_panics", "shop.dropped", boom),
        Handler::new("b_works", "shop.dropped", |_| ()),
    ]);
    let payload = catch_unwind(AssertUnwindSafe(|| {
        telemetry.enter(|| {
            let _emits = EmitsWhenDropped;
            panic_any("the first panic");
        });
    }));
    let payload = payload.expect_err("the emitter's own panic goes on");
    assert_eq!(payload.downcast_ref(), Some(&"the first panic"));
    let report = telemetry.report();
    assert_eq!(tally(&report, "a_panics"), "1 = 0 handled + 1 unexpected");
    assert_eq!(tally(&report, "b_works"), "1 = 1 handled");
}

/// A panic that left the destructor of a thread-local would abort the process.
#[test]
fn a_panicking_handler_in_a_thread_locals_destructor() {
    struct Last(Option<(Arc<Telemetry>, mpsc::Sender<()>)>);
    impl Drop for Last {
        fn drop(&mut self) {
            if let Some((telemetry, done)) = self.0.take() {
                telemetry.enter(|| emit!("shop.dropped"));
                telemetry.emit("shop.dropped", &[], &[]).unwrap();
                done.send(()).unwrap();
            }
        }
    }
    thread_local!(static LAST: std::cell::RefCell<Last> = const { std::cell::RefCell::new(Last(None)) });
    let telemetry = Arc::new(started([
        Handler::new("panics", "shop.dropped", boom),
        Handler::new("works", "shop.dropped", |_| ()),
    ]));
    let (done, ended) = mpsc::channel();
    let last = (Arc::clone(&telemetry), done);
    thread::spawn(move || LAST.with(|cell| cell.borrow_mut().0 = Some(last)));
    ended.recv().expect("the destructor ran to its end");
    let report = telemetry.report();
    // Whether `enter` still works there depends on which thread-locals are gone; `emit` does not.
    let counts = report.handler("panics").unwrap();
    assert!((1..=2).contains(&counts.matched) && counts.is_conserved());
    assert_eq!(counts.skipped(SkipReason::Unexpected), counts.matched);
    assert_eq!(report.handler("works").unwrap().handled, counts.matched);
}

fn throw(_: &Event<'_>) {
    panic_any(7_u8);
}

#[test]
fn strict_mode_records_and_raises() {
    let config = Config::default().with_defensive_mode(false);
    let telemetry = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .config(config)
        .handler(Handler::new("fails", "shop.failed", |_| Err("no luck")))
        .handler(Handler::new("panics", "shop.opened", throw))
        .start()
        .unwrap();
    let raised = |name| {
        let emitted = AssertUnwindSafe(|| telemetry.emit(name, &[], &[]));
        catch_unwind(emitted).expect_err("strict mode raises")
    };
    assert_eq!(raised("shop.opened").downcast_ref(), Some(&7_u8));
    let error = raised("shop.failed");
    assert_eq!(
        error.downcast_ref::<String>().map(String::as_str),
        Some("handler `fails` failed: unexpected")
    );
    let report = telemetry.report();
    assert_eq!(tally(&report, "fails"), "1 = 0 handled + 1 unexpected");
    assert_eq!(tally(&report, "panics"), "1 = 0 handled + 1 unexpected");
}

static PLAIN_CALLS: AtomicU32 = AtomicU32::new(0);

#[defensive_handler(quarantine = false)]
fn takings(tills: &[u32]) -> Outcome<u32> {
    PLAIN_CALLS.fetch_add(1, Ordering::Relaxed);
    Outcome::Handled(tills[0])
}

/// A function that is defended in place is counted by the telemetry that its caller entered.
#[test]
fn a_plain_call_is_defended_where_it_is_called() {
    let telemetry = Telemetry::isolated();
    telemetry.enter(|| {
        assert_eq!(takings(&[3]).handled(), Some(3));
        assert_eq!(takings(&[]).reason(), Some(SkipReason::ContractViolation));
    });
    assert_eq!(
        tally(&telemetry.report(), "takings"),
        "2 = 1 handled + 1 contract_violation"
    );
    telemetry.shutdown();
    let late = telemetry.enter(|| takings(&[3]));
    assert_eq!(late.reason(), Some(SkipReason::ShuttingDown));
    assert_eq!(PLAIN_CALLS.load(Ordering::Relaxed), 2);
}

//! What a panic carries, where the process could end with it.

use std::{
    panic::{self, AssertUnwindSafe, catch_unwind, panic_any},
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use gambeson::{Event, Handler, Outcome, Secret, Telemetry, context, defensive_handler, emit};
use gambeson_tests::run;

use crate::{process, say, start_without_quarantine};

/// Panics when it is dropped, with itself again for as often as it says.
struct Bomb(u32);

impl Drop for Bomb {
    fn drop(&mut self) {
        if self.0 > 0 {
            panic_any(Bomb(self.0 - 1));
        }
    }
}

/// A handler's payload whose drop panics so often.
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn chain(length: u32) {
    let telemetry = process([Handler::new("till", "shop.opened", move |_| -> () {
        panic_any(Bomb(length))
    })]);
    emit!("shop.opened");
    say(&telemetry, "till");
    let report = telemetry.report();
    let Some(till) = report.handler("till") else {
        return;
    };
    println!(
        "{} panicked, {} leaked",
        till.payload_drop_panics, till.payloads_leaked
    );
    println!("{}", report.to_string().contains("(1 leaked)"));
}

/// The same under a catch that trusts the payload.
pub(crate) fn bare_chain() {
    drop(catch_unwind(|| panic_any(Bomb(1))));
}

/// Another library's control flow.
#[derive(Debug, PartialEq)]
struct Cancelled(u8);

#[defensive_handler]
fn plain() -> Outcome<()> {
    panic_any(Cancelled(7))
}

#[defensive_handler]
async fn plain_async() -> Outcome<()> {
    panic_any(Cancelled(7))
}

/// A type that passes through, however the handler is called: what arrives, and how often the hook
/// ran.
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn passing() {
    static HOOKS: AtomicU32 = AtomicU32::new(0);
    panic::set_hook(Box::new(|_| {
        HOOKS.fetch_add(1, Ordering::Relaxed);
    }));
    let flow = Handler::new("flow", "case.run", |_| -> () { panic_any(Cancelled(7)) });
    let builder = Telemetry::builder().pass_through::<Cancelled>();
    let telemetry = start_without_quarantine(builder, [flow]);
    let emitted = || emit!("case.run");
    let called = || drop(plain());
    let polled = || drop(run(plain_async()));
    for call in [&emitted as &dyn Fn(), &called, &polled] {
        let caught = catch_unwind(AssertUnwindSafe(call));
        let arrived = caught.is_err_and(|payload| payload.downcast_ref() == Some(&Cancelled(7)));
        println!("{arrived}, {} hooks", HOOKS.load(Ordering::Relaxed));
    }
    for handler in ["flow", "plain", "plain_async"] {
        say(&telemetry, handler);
    }
    let in_flight = telemetry
        .report()
        .handlers
        .iter()
        .map(|one| one.in_flight)
        .sum::<usize>();
    println!("{in_flight} in flight");
}

/// A thread that a handler starts is not in the handler's call.
pub(crate) fn child() {
    let telemetry = process([Handler::new("till", "shop.opened", |_| {
        let child = thread::Builder::new().name("child".to_owned());
        let panicked = child
            .spawn(|| panic!("in the child"))
            .map(thread::JoinHandle::join);
        assert!(panicked.is_ok_and(|joined| joined.is_err()));
    })]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

/// What would forge a line or steer a terminal.
const NASTY: &str = "a\n2026 ERROR fake\r\u{1b}[2J\u{1b}]0;t\u{7}\u{2028}\u{202e}\u{9b}\u{7f}b";

/// The record of a bug that nobody takes.
pub(crate) fn nasty() {
    let telemetry = process([Handler::new("till", "shop.opened", |_| -> () {
        panic!("{NASTY}")
    })]);
    context::scope([("customer", NASTY)], || {
        emit!("shop.opened", {}, { customer = NASTY });
    });
    say(&telemetry, "till");
}

/// What is said of a panic that the handler caught.
pub(crate) fn nasty_caught() {
    let telemetry = process([Handler::new("till", "shop.opened", |_| {
        let _ = catch_unwind(|| panic!("{NASTY}"));
    })]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

/// A secret that a panic quotes, where nobody takes its record.
pub(crate) fn secret() {
    let telemetry = process([Handler::new("till", "shop.paid", |event: &Event<'_>| {
        if let Some(gambeson::Value::Secret(card)) = event.value("card") {
            panic!("no {} for hunter2", card.expose());
        }
    })]);
    let (card, password) = (Secret::new("4111-1111"), Secret::new("hunter2"));
    context::scope([("password", password)], || {
        emit!("shop.paid", {}, { card });
    });
    say(&telemetry, "till");
}

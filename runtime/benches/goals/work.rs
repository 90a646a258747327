//! The work that every case does: an event with one measurement and two fields reaches a function
//! that looks at it.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
};

use gambeson::{Event, Number, Value, defensive_handler, emit};

thread_local! {
    // Where threads shared it, writing it would be all that two of them measure.
    static SEEN: Cell<u64> = const { Cell::new(0) };
}

/// What a handler does with what it was given.
#[inline]
pub(crate) fn note(count: u64) {
    SEEN.set(black_box(count));
}

/// The handler's work.
#[inline(never)]
pub(crate) fn handle(event: &Event<'_>) {
    note(event.measurements().len() as u64);
}

#[defensive_handler(on = "bench.one")]
fn one(event: &Event<'_>) {
    handle(event);
}

/// The same function, defended in place.
#[defensive_handler]
pub(crate) fn in_place(event: &Event<'_>) {
    handle(event);
}

/// Runs `code` with the event that the cases are about.
pub(crate) fn with_event(code: impl FnOnce(&Event<'_>)) {
    code(&Event::new(
        "bench.one",
        &[("amount", Number::Float(black_box(9.5)))],
        &[("order", Value::Text("A-1")), ("city", Value::Text("Lyon"))],
    ));
}

/// A call through a pointer, with an event: what everything is compared with.
#[inline(never)]
pub(crate) fn bare() {
    let call: fn(&Event<'_>) = black_box(handle);
    with_event(call);
}

/// The same call, defended.
#[inline(never)]
pub(crate) fn defended() {
    with_event(in_place);
}

/// An event that nobody takes.
// The site is measured, not a call to it.
#[inline(always)]
pub(crate) fn unobserved() {
    emit!("bench.unobserved", { amount = black_box(9.5) }, { order = "A-1", city = "Lyon" });
}

/// An event that one handler takes.
#[inline(never)]
pub(crate) fn to_one() {
    emit!("bench.one", { amount = black_box(9.5) }, { order = "A-1", city = "Lyon" });
}

/// Ready at the poll of this number; each poll does the work of the bare call.
pub(crate) async fn pending(polls: u64) {
    let mut left = polls;
    poll_fn(|_| {
        bare();
        left -= 1;
        if left == 0 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Polls a future until it is ready.
pub(crate) fn poll_to_the_end<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

//! A panic in any poll of a future, queued or defended where it is awaited; it is polled no more.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, Waker},
};

use gambeson::{Event, FieldError, SkipReason, Telemetry, defensive_handler, emit, handler};
use gambeson_tests::{PATIENCE, run, tally};

use crate::{runtime, served_by};

/// How many polls of a future are looked at.
const POLLS: u64 = 6;

/// Is pending until the poll of this number, which panics; none of 0. Counts its polls.
async fn panics_in_poll(number: u64, polls: &AtomicU64) {
    poll_fn(|context| {
        let polled = polls.fetch_add(1, Ordering::SeqCst) + 1;
        assert!(polled != number, "in poll {number}");
        context.waker().wake_by_ref();
        if polled == POLLS {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

static QUEUED: AtomicU64 = AtomicU64::new(0);

#[defensive_handler(on = "polls.sent", quarantine = false)]
async fn queued(event: &Event<'_>) -> Result<(), FieldError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number"
    )]
    let number = event.number("n")? as u64;
    panics_in_poll(number, &QUEUED).await;
    Ok(())
}

/// The queue goes on after each of them.
#[test]
fn in_any_poll_of_a_queued_handler() {
    let runtime = runtime(1);
    let telemetry = served_by(&runtime)
        .handler(handler!(queued))
        .start()
        .unwrap();
    for number in 0..=POLLS {
        QUEUED.store(0, Ordering::SeqCst);
        telemetry.enter(|| emit!("polls.sent", { n = number }));
        telemetry.flush(PATIENCE).unwrap();
        let polls = if number == 0 { POLLS } else { number };
        assert_eq!(QUEUED.load(Ordering::SeqCst), polls, "n = {number}");
    }
    assert_eq!(
        tally(&telemetry.shutdown(), "queued"),
        "7 = 1 handled + 6 unexpected"
    );
}

#[defensive_handler(quarantine = false)]
async fn plain(number: u64, polls: &AtomicU64) -> Result<u64, gambeson::Skip> {
    panics_in_poll(number, polls).await;
    Ok(number)
}

#[test]
fn in_any_poll_where_it_is_awaited() {
    let telemetry = Telemetry::isolated();
    for number in 0..=POLLS {
        let polls = AtomicU64::new(0);
        let value = telemetry.enter(|| run(plain(number, &polls)));
        if number == 0 {
            assert_eq!(value.unwrap(), 0);
        } else {
            assert_eq!(value.unwrap_err().reason(), SkipReason::Unexpected);
            assert_eq!(polls.into_inner(), number);
        }
    }
    assert_eq!(
        tally(&telemetry.report(), "plain"),
        "7 = 1 handled + 6 unexpected"
    );
}

/// As any async function that has ended, it says so with a panic, and what panicked before is not
/// polled again.
#[test]
fn what_has_panicked_is_not_polled_again() {
    let telemetry = Telemetry::isolated();
    let polls = AtomicU64::new(0);
    telemetry.enter(|| {
        let mut future = pin!(plain(2, &polls));
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
        let Poll::Ready(Err(skip)) = future.as_mut().poll(&mut context) else {
            panic!("the second poll ends it")
        };
        assert_eq!(skip.reason(), SkipReason::Unexpected);
        let again = AssertUnwindSafe(|| future.as_mut().poll(&mut context).is_ready());
        let payload = catch_unwind(again).expect_err("it has ended");
        let message = payload.downcast_ref::<&str>().unwrap();
        assert_eq!(*message, "`async fn` resumed after completion");
    });
    assert_eq!(polls.into_inner(), 2);
    assert_eq!(
        tally(&telemetry.report(), "plain"),
        "1 = 0 handled + 1 unexpected"
    );
}

type Made = Pin<Box<dyn Future<Output = u32>>>;

/// Of a sync function only the call that makes the future is defended.
#[defensive_handler(fallback = Box::pin(std::future::ready(0)), quarantine = false)]
fn makes(panics: bool) -> Made {
    assert!(!panics, "while the future is made");
    Box::pin(std::future::ready(7))
}

#[test]
fn while_the_future_is_made() {
    let telemetry = Telemetry::isolated();
    telemetry.enter(|| {
        assert_eq!(run(makes(false)), 7);
        assert_eq!(run(makes(true)), 0, "the fallback's future");
    });
    assert_eq!(
        tally(&telemetry.report(), "makes"),
        "2 = 1 handled + 1 unexpected"
    );
}

//! Async functions: arguments, borrows, what the future is, and how it ends.

use std::{
    cell::Cell,
    mem::size_of_val,
    task::{Context, Poll, Waker},
};

use gambeson::{Outcome, Skip, SkipReason, defensive_handler};

use super::{handled, observed, pause, run, skipped, twins};

twins! {
    #[defensive_handler(fallback = "none")]
    (async) fn bare_trimmed, trimmed(mut text: &str, end: char) -> &str {
        let local = end.to_string();
        text = text.strip_suffix(&local).unwrap();
        pause().await;
        text.trim()
    }
}

twins! {
    #[defensive_handler(fallback = 0)]
    (async) fn bare_reassigned, reassigned(mut text: &str) -> usize {
        let local = format!("{text}!");
        text = &local;
        pause().await;
        text.len()
    }
}

twins! {
    #[defensive_handler]
    (async) fn bare_added, added(into: &mut Vec<u32>, number: u32) -> Outcome<&mut u32> {
        into.push(number);
        pause().await;
        assert_ne!(number, 3, "no threes");
        Outcome::Handled(into.last_mut().unwrap())
    }
}

#[test]
fn a_borrowed_return() {
    let text = String::from(" tea;");
    let defended = handled("trimmed", || run(trimmed(&text, ';')));
    assert!(std::ptr::eq(defended, run(bare_trimmed(&text, ';'))));
    let reason = SkipReason::ContractViolation;
    assert_eq!(
        skipped("trimmed", reason, || run(trimmed(&text, 'x'))),
        "none"
    );
}

#[test]
fn an_argument_that_is_reassigned_to_a_local() {
    assert_eq!(
        handled("reassigned", || run(reassigned("tea"))),
        run(bare_reassigned("tea"))
    );
}

#[test]
fn a_reference_into_a_mutable_argument() {
    let (mut defended, mut bare) = (Vec::new(), Vec::new());
    *handled("added", || run(added(&mut defended, 1)))
        .handled()
        .unwrap() += 10;
    *run(bare_added(&mut bare, 1)).handled().unwrap() += 10;
    assert_eq!(defended, bare);
    let reason = skipped("added", SkipReason::ContractViolation, || {
        run(added(&mut defended, 3)).reason()
    });
    assert_eq!(reason, Some(SkipReason::ContractViolation));
    assert_eq!(defended, [11, 3]);
}

#[defensive_handler]
async fn coerced(number: u32) -> Outcome<Box<dyn std::fmt::Display + Send>> {
    if number == 0 {
        return Outcome::Handled(Box::new("nothing"));
    }
    Outcome::Handled(Box::new(number))
}

#[test]
fn a_body_coerces_to_the_declared_type() {
    let show = |number| {
        handled("coerced", || run(coerced(number)))
            .handled()
            .unwrap()
            .to_string()
    };
    assert_eq!((show(0), show(7)), ("nothing".to_owned(), "7".to_owned()));
}

#[defensive_handler]
async fn sendable(text: String) -> Result<usize, Skip> {
    pause().await;
    Ok(text.len())
}

#[defensive_handler(fallback = 0)]
async fn on_its_thread(cell: &Cell<u32>) -> u32 {
    pause().await;
    cell.replace(1)
}

#[test]
fn a_future_is_as_sendable_as_its_arguments() {
    let telemetry = gambeson::Telemetry::isolated();
    std::thread::scope(|scope| {
        let future = sendable("tea".to_owned());
        let telemetry = &telemetry;
        let length = scope.spawn(move || telemetry.enter(|| run(future)));
        assert_eq!(length.join().unwrap().unwrap(), 3);
    });
    assert_eq!(telemetry.report().handler("sendable").unwrap().handled, 1);
    let cell = Cell::new(5);
    assert_eq!(handled("on_its_thread", || run(on_its_thread(&cell))), 5);
    assert_eq!(cell.get(), 1);
}

twins! {
    #[defensive_handler]
    (async) fn bare_large, large(buffer: [u8; 4096]) {
        pause().await;
        std::hint::black_box(&buffer);
    }
}

/// The arguments have a place in the call and one in the body, beside what the body has.
#[test]
fn a_future_keeps_its_arguments_once_more_than_the_twin() {
    let (defended, bare) = (large([0; 4096]), bare_large([0; 4096]));
    let limit = size_of_val(&bare) + 4096 + 512;
    assert!(
        size_of_val(&defended) <= limit,
        "{} bytes against {}",
        size_of_val(&defended),
        size_of_val(&bare)
    );
}

#[test]
fn nothing_happens_before_the_first_poll() {
    let mut numbers = Vec::new();
    let telemetry = gambeson::Telemetry::isolated();
    drop(telemetry.enter(|| added(&mut numbers, 1)));
    assert_eq!(numbers, [0_u32; 0]);
    assert!(telemetry.report().handler("added").is_none());
}

#[test]
fn a_future_that_is_dropped_is_cancelled() {
    let mut numbers = Vec::new();
    let ((), counts) = observed("added", || {
        let mut future = Box::pin(added(&mut numbers, 1));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(future.as_mut().poll(&mut context), Poll::Pending));
    });
    assert_eq!(counts.skipped(SkipReason::Cancelled), 1);
    assert_eq!(numbers, [1]);
}

#[defensive_handler(fallback = 0)]
async fn recursive(left: u32) -> u32 {
    if left == 0 {
        return 0;
    }
    1 + Box::pin(recursive(left - 1)).await
}

#[test]
fn recursion() {
    let (depth, counts) = observed("recursive", || run(recursive(3)));
    assert_eq!((depth, counts.handled), (3, 4));
}

//! What a skip yields: decided by the type that is returned, not by how it is spelled.

use std::{cell::Cell, io};

use gambeson::{Classify, Outcome, Resource, Skip, SkipReason, defensive_handler};

use super::{handled, observed, run, skipped};

type Nothing = ();
type Found<T> = Outcome<T>;
type Answer<T, E = PriceError> = std::result::Result<T, E>;

#[derive(Debug, PartialEq, thiserror::Error, Classify)]
enum PriceError {
    #[error("the list is gone")]
    #[skip(state_unavailable)]
    Gone,
    #[error("skipped: {0}")]
    Skipped(SkipReason),
}

impl From<Skip> for PriceError {
    fn from(skip: Skip) -> Self {
        PriceError::Skipped(skip.reason())
    }
}

#[defensive_handler]
fn unit(numbers: &mut Vec<u32>) -> Nothing {
    numbers.push(1);
    numbers[3] = 0;
}

#[test]
fn unit_is_yielded_under_any_name() {
    let mut numbers = Vec::new();
    skipped("unit", SkipReason::ContractViolation, || unit(&mut numbers));
    assert_eq!(numbers, [1]);
}

#[defensive_handler]
fn outcome(prices: &[u32]) -> Found<u32> {
    match prices {
        [] => Outcome::Skipped(SkipReason::Overloaded.into()),
        prices => Outcome::Handled(prices[1]),
    }
}

#[test]
fn an_outcome_tells_the_skip() {
    assert_eq!(handled("outcome", || outcome(&[1, 2])).handled(), Some(2));
    let reason = SkipReason::ContractViolation;
    let skip = skipped("outcome", reason, || outcome(&[1]));
    assert_eq!(skip.reason(), Some(reason));
    let panic = skip.skip().and_then(Skip::panic).expect("it panicked");
    let place = panic.location.as_ref().expect("it has a place");
    assert!(place.file.ends_with("yields.rs"), "{place:?}");
}

#[test]
fn an_outcome_of_the_bodys_own_passes_and_is_counted() {
    let skip = skipped("outcome", SkipReason::Overloaded, || outcome(&[]));
    let skip = skip.skip().expect("the body skipped");
    assert_eq!(
        (skip.reason(), skip.handler()),
        (SkipReason::Overloaded, None)
    );
}

#[defensive_handler]
fn answer(prices: &[u32]) -> Answer<u32> {
    if prices.is_empty() {
        return Err(PriceError::Gone);
    }
    Ok(prices[1])
}

#[defensive_handler]
async fn answer_async(prices: &[u32]) -> Answer<u32> {
    if prices.is_empty() {
        return Err(PriceError::Gone);
    }
    Ok(prices[1])
}

#[test]
fn a_result_tells_the_skip_as_its_error() {
    assert_eq!(handled("answer", || answer(&[1, 2])), Ok(2));
    let reason = SkipReason::ContractViolation;
    let expected = Err(PriceError::Skipped(reason));
    assert_eq!(skipped("answer", reason, || answer(&[1])), expected);
    assert_eq!(
        skipped("answer_async", reason, || run(answer_async(&[1]))),
        expected
    );
}

#[test]
fn an_error_of_the_bodys_own_passes_and_is_counted_by_its_class() {
    let reason = SkipReason::StateUnavailable;
    assert_eq!(
        skipped("answer", reason, || answer(&[])),
        Err(PriceError::Gone)
    );
    assert_eq!(
        skipped("answer_async", reason, || run(answer_async(&[]))),
        Err(PriceError::Gone)
    );
}

/// Errors that are known by their type, by a box, and not at all; none needs a `From<Skip>`
/// where there is a fallback.
mod errors {
    use super::*;

    #[defensive_handler(fallback = |skip| Err(io::Error::other(skip)))]
    fn by_type() -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    #[defensive_handler(fallback = |skip| Err(skip.into()))]
    fn by_source() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Err(io::Error::other(io::Error::from(io::ErrorKind::TimedOut)).into())
    }

    struct Opaque;

    #[defensive_handler(fallback = Err(Opaque))]
    fn not_at_all() -> Result<(), Opaque> {
        Err(Opaque)
    }

    fn overloaded(_: &io::Error) -> SkipReason {
        SkipReason::Overloaded
    }

    #[defensive_handler(fallback = |skip| Err(io::Error::other(skip)), classify = overloaded)]
    fn by_the_users_function() -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    #[test]
    fn are_classified_and_passed_on() {
        let error = skipped("by_type", SkipReason::PeerDead, by_type).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        let error = skipped("by_source", SkipReason::TimedOut, by_source).unwrap_err();
        assert_eq!(error.to_string(), "timed out");
        assert!(skipped("not_at_all", SkipReason::Unexpected, not_at_all).is_err());
        let error = skipped(
            "by_the_users_function",
            SkipReason::Overloaded,
            by_the_users_function,
        );
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}

#[defensive_handler(fallback = evaluated.replace(true))]
fn lazily(evaluated: &Cell<bool>, fail: bool) -> bool {
    assert!(!fail);
    true
}

#[test]
fn a_fallback_is_evaluated_for_a_skip_only() {
    let evaluated = Cell::new(false);
    assert!(handled("lazily", || lazily(&evaluated, false)));
    assert!(!evaluated.get());
    let reason = SkipReason::ContractViolation;
    assert!(!skipped("lazily", reason, || lazily(&evaluated, true)));
    assert!(evaluated.get());
}

static LIST: Resource<u32> = Resource::new("list");

#[defensive_handler(needs(LIST), fallback = |skip| skip.reason().to_string())]
fn needy() -> String {
    "ran".to_owned()
}

#[test]
fn a_fallback_is_told_the_reason() {
    assert_eq!(
        skipped("needy", SkipReason::Unavailable, needy),
        "unavailable"
    );
    let provided = LIST.provide(1);
    assert_eq!(handled("needy", needy), "ran");
    drop(provided);
    assert_eq!(
        skipped("needy", SkipReason::ShuttingDown, needy),
        "shutting_down"
    );
}

/// A type of the user's that is only called like one of the four.
mod same_names {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Result(u32);

    #[defensive_handler(fallback = Result(0))]
    fn only_called_result(by: u32) -> Result {
        Result(100 / by)
    }

    #[test]
    fn do_not_matter() {
        let reason = SkipReason::ContractViolation;
        assert_eq!(
            skipped("only_called_result", reason, || only_called_result(0)),
            Result(0)
        );
        assert_eq!(
            handled("only_called_result", || only_called_result(4)),
            Result(25)
        );
    }
}

#[defensive_handler(name = "asks first", available = open, fallback = 0)]
fn asks(number: u32) -> u32 {
    number
}

fn open() -> bool {
    OPEN.with(Cell::get)
}

thread_local! {
    static OPEN: Cell<bool> = const { Cell::new(true) };
}

#[test]
fn an_availability_of_the_users_is_asked_for_each_call() {
    assert_eq!(handled("asks first", || asks(3)), 3);
    OPEN.set(false);
    let (value, counts) = observed("asks first", || asks(3));
    assert_eq!((value, counts.skipped(SkipReason::Unavailable)), (0, 1));
}

//! Ways out of a body: early, by `?`, never, and into itself.

use std::{
    convert::Infallible,
    num::ParseIntError,
    panic::{AssertUnwindSafe, catch_unwind},
};

use gambeson::{Skip, SkipReason, defensive_handler};

use super::{handled, observed, run, skipped, twins};

#[derive(Debug, thiserror::Error)]
enum TotalError {
    #[error(transparent)]
    Number(#[from] ParseIntError),
    #[error("nothing to add")]
    Nothing,
    #[error(transparent)]
    Skipped(#[from] Skip),
}

twins! {
    #[defensive_handler]
    () fn bare_total, total(text: &str) -> Result<u32, TotalError> {
        if text.is_empty() {
            return Err(TotalError::Nothing);
        }
        let mut total = 0;
        'words: for word in text.split(' ') {
            if word == "-" {
                continue 'words;
            }
            if word == "end" {
                break 'words;
            }
            total += word.parse::<u32>()?;
        }
        if total == 0 {
            return Ok(u32::MAX);
        }
        Ok(100 / (total - 1))
    }
}

twins! {
    #[defensive_handler]
    (async) fn bare_total_async, total_async(text: &str) -> Result<u32, TotalError> {
        if text.is_empty() {
            return Err(TotalError::Nothing);
        }
        super::pause().await;
        let number = text.parse::<u32>()?;
        Ok(100 / (number - 1))
    }
}

#[test]
fn every_way_out_gives_what_the_twin_gives() {
    for text in ["3 4", "0", "- -", "2 end x", "5"] {
        let (defended, _) = observed("total", || total(text));
        assert_eq!(defended.unwrap(), bare_total(text).unwrap(), "{text}");
    }
    for text in ["", "x", "1 2 -3"] {
        let (defended, counts) = observed("total", || total(text));
        let bare = bare_total(text).unwrap_err();
        assert_eq!(format!("{:?}", defended.unwrap_err()), format!("{bare:?}"));
        assert_eq!((counts.matched, counts.skipped_in_all()), (1, 1));
    }
}

#[test]
fn a_panic_is_an_error_of_the_functions_own_type() {
    let error = skipped("total", SkipReason::ContractViolation, || total("1")).unwrap_err();
    let TotalError::Skipped(skip) = error else {
        panic!("{error}")
    };
    assert_eq!(skip.reason(), SkipReason::ContractViolation);
    assert_eq!(skip.handler(), Some("shapes::control_flow::total"));
}

#[test]
fn every_way_out_of_an_async_function() {
    assert_eq!(
        handled("total_async", || run(total_async("3"))).unwrap(),
        run(bare_total_async("3")).unwrap()
    );
    let (error, _) = observed("total_async", || run(total_async("")).unwrap_err());
    assert!(matches!(error, TotalError::Nothing));
    let parse = skipped("total_async", SkipReason::Unexpected, || {
        run(total_async("x")).unwrap_err()
    });
    assert!(matches!(parse, TotalError::Number(_)));
    let panic = skipped("total_async", SkipReason::ContractViolation, || {
        run(total_async("1")).unwrap_err()
    });
    assert!(matches!(panic, TotalError::Skipped(_)));
}

#[defensive_handler(fallback = |skip| panic!("gave up: {}", skip.reason()))]
fn serve(calls: &[u32]) -> ! {
    let mut answered = 0;
    loop {
        answered += calls[answered] as usize;
    }
}

#[defensive_handler(fallback = std::panic::panic_any(42_u8))]
async fn serve_async() -> ! {
    super::pause().await;
    unimplemented!()
}

#[test]
fn never_needs_a_fallback_that_never_returns() {
    let (caught, counts) = observed("serve", || {
        catch_unwind(|| -> Infallible { serve(&[1, 1, 1]) }).unwrap_err()
    });
    assert_eq!(
        caught.downcast_ref::<String>().unwrap(),
        "gave up: contract_violation"
    );
    assert_eq!(counts.skipped(SkipReason::ContractViolation), 1);
    let caught = skipped("serve_async", SkipReason::NotImplemented, || {
        catch_unwind(AssertUnwindSafe(|| run(async { serve_async().await }))).unwrap_err()
    });
    assert_eq!(caught.downcast_ref::<u8>(), Some(&42));
}

#[defensive_handler(fallback = 0)]
fn depth(left: u32) -> u32 {
    if left == 0 {
        return 0;
    }
    1 + depth(left - 1)
}

#[test]
fn recursion_counts_every_call() {
    let (depth, counts) = observed("depth", || depth(5));
    assert_eq!((depth, counts.matched, counts.handled), (5, 6, 6));
}

#[defensive_handler(fallback = 100)]
fn until(left: u32, fatal: u32) -> u32 {
    assert_ne!(left, fatal, "too deep");
    if left == 0 {
        0
    } else {
        1 + until(left - 1, fatal)
    }
}

#[test]
fn a_panic_ends_only_the_innermost_call() {
    let (value, counts) = observed("until", || until(5, 2));
    assert_eq!(value, 103);
    assert_eq!((counts.matched, counts.handled), (4, 3));
    assert_eq!(counts.skipped(SkipReason::ContractViolation), 1);
}

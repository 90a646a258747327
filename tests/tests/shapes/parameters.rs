//! Parameters: patterns, names of every kind, and those that exist only in some builds.

use gambeson::{SkipReason, defensive_handler};

use super::{handled, run, skipped, twins};

struct Order {
    id: u32,
    city: String,
    lines: [u32; 3],
}

fn order() -> Order {
    Order {
        id: 7,
        city: "Lyon".to_owned(),
        lines: [1, 2, 3],
    }
}

twins! {
    #[defensive_handler(fallback = String::new())]
    () fn bare_described, described(
        Order { id, mut city, lines: [first, .., last] }: Order,
        (a, _): (u32, u32),
        _: u8,
        whole @ [_, second]: [u32; 2],
        &by_reference: &u32,
    ) -> String {
        assert_ne!(a, 0, "no zero");
        city.push('!');
        format!("{id} {city} {first} {last} {a} {whole:?} {second} {by_reference}")
    }
}

twins! {
    #[defensive_handler(fallback = String::new())]
    (async) fn bare_described_async, described_async(
        Order { id, mut city, lines: [first, .., last] }: Order,
        (a, _): (u32, u32),
        _: u8,
        whole @ [_, second]: [u32; 2],
        &by_reference: &u32,
    ) -> String {
        super::pause().await;
        assert_ne!(a, 0, "no zero");
        city.push('!');
        format!("{id} {city} {first} {last} {a} {whole:?} {second} {by_reference}")
    }
}

#[test]
fn patterns() {
    let defended = handled("described", || described(order(), (5, 6), 0, [8, 9], &10));
    assert_eq!(defended, bare_described(order(), (5, 6), 0, [8, 9], &10));
    assert_eq!(defended, "7 Lyon! 1 3 5 [8, 9] 9 10");
    let none = skipped("described", SkipReason::ContractViolation, || {
        described(order(), (0, 6), 0, [8, 9], &10)
    });
    assert_eq!(none, "");
}

#[test]
fn patterns_of_an_async_function() {
    let defended = handled("described_async", || {
        run(described_async(order(), (5, 6), 0, [8, 9], &10))
    });
    let bare = run(bare_described_async(order(), (5, 6), 0, [8, 9], &10));
    assert_eq!(defended, bare);
}

/// Names that the expansion might use itself, and words that must be raw.
#[defensive_handler(fallback = |skip| skip.handler().map_or(0, str::len))]
fn r#match(
    call: usize,
    value: usize,
    event: usize,
    skip: usize,
    returned: usize,
    r#type: usize,
    __self: usize,
) -> usize {
    let site = [call, value, event, skip, returned, r#type, __self];
    site.iter().sum::<usize>() + site[usize::from(call == 0) * 9]
}

#[defensive_handler(fallback = 0)]
async fn r#async(value: u8, call: u8, returned: u8, r#type: u8, mut skip: u8) -> u8 {
    skip += r#type;
    value + call + returned + skip
}

#[test]
fn names() {
    let sum = handled("match", || r#match(1, 2, 3, 4, 5, 6, 7));
    assert_eq!(sum, 29);
    let length = skipped("match", SkipReason::ContractViolation, || {
        r#match(0, 0, 0, 0, 0, 0, 0)
    });
    assert_eq!(length, "shapes::parameters::match".len());
    assert_eq!(handled("async", || run(r#async(1, 2, 3, 4, 5))), 15);
}

#[defensive_handler(fallback = 0)]
fn configured(#[cfg(test)] here: u32, #[cfg(not(test))] nowhere: Missing, also: u32) -> u32 {
    here + also
}

#[defensive_handler(fallback = 0)]
async fn configured_async(
    #[cfg(test)] here: u32,
    #[cfg(not(test))] nowhere: Missing,
    #[cfg(all(test, not(windows)))] mut also: u32,
    #[cfg(all(test, windows))] also: u32,
) -> u32 {
    #[cfg(not(windows))]
    {
        also += 1;
    }
    here + also
}

#[test]
fn parameters_of_some_builds_only() {
    assert_eq!(handled("configured", || configured(1, 2)), 3);
    let sum = handled("configured_async", || run(configured_async(1, 2)));
    assert_eq!(sum, 3 + u32::from(!cfg!(windows)));
}

#[defensive_handler(fallback = 0)]
fn counted(mut from: u32, step: &mut u32) -> u32 {
    while from > *step {
        from -= *step;
        *step += 1;
    }
    from
}

#[test]
fn a_mutable_argument_is_the_functions_own() {
    let from = 10;
    let mut step = 1;
    assert_eq!(handled("counted", || counted(from, &mut step)), 4);
    assert_eq!((from, step), (10, 4));
}

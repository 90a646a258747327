//! Generic functions: types, constants, lifetimes, `impl Trait` in and out.

use std::{collections::BTreeMap, fmt::Display};

use gambeson::{Outcome, SkipReason, defensive_handler};

use super::{handled, run, skipped, twins};

twins! {
    #[defensive_handler(fallback = T::default())]
    () fn bare_largest, largest<'a, T, const N: usize>(values: &'a [T; N], at: usize) -> T
    where
        T: Clone + Default + Ord + 'a,
    {
        values[at..].iter().max().cloned().unwrap()
    }
}

twins! {
    #[defensive_handler(fallback = "none")]
    () fn bare_longer, longer<'a>(left: &'a str, right: &'a str) -> &'a str {
        assert!(!left.is_empty() && !right.is_empty());
        if left.len() < right.len() { right } else { left }
    }
}

twins! {
    #[defensive_handler(fallback = |skip| skip.to_string())]
    () fn bare_joined, joined(parts: impl IntoIterator<Item = impl Display>) -> String {
        let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
        parts[..2].join("-")
    }
}

#[defensive_handler(fallback = Vec::new().into_iter())]
fn halves(of: &[u32]) -> impl ExactSizeIterator<Item = u32> + use<> {
    let halves: Vec<u32> = of.iter().map(|number| 100 / number).collect();
    halves.into_iter()
}

#[defensive_handler(fallback = Box::new(std::iter::empty()))]
fn boxed<'a>(of: &'a [u32], from: usize) -> Box<dyn Iterator<Item = &'a u32> + 'a> {
    Box::new(of[from..].iter())
}

#[defensive_handler]
fn get_or_insert<'m, K: Ord, V>(
    map: &'m mut BTreeMap<K, V>,
    key: K,
    make: impl FnOnce() -> V,
) -> Outcome<&'m mut V> {
    Outcome::Handled(map.entry(key).or_insert_with(make))
}

#[defensive_handler(fallback = [0; N])]
async fn doubled<const N: usize>(numbers: [u8; N]) -> [u8; N] {
    super::pause().await;
    numbers.map(|number| number.checked_mul(2).unwrap())
}

#[test]
fn types_and_constants() {
    let words = ["tea", "cake", "milk"];
    assert_eq!(
        handled("largest", || largest(&words, 1)),
        bare_largest(&words, 1)
    );
    assert_eq!(handled("largest", || largest(&[2, 1], 0)), 2);
    let none = skipped("largest", SkipReason::ContractViolation, || {
        largest(&words, 3)
    });
    assert_eq!(none, "");
}

#[test]
fn every_instance_is_the_same_handler() {
    let (_, counts) = super::observed("largest", || (largest(&[1], 0), largest(&["a"], 0)));
    assert_eq!((counts.matched, counts.handled), (2, 2));
}

#[test]
fn a_borrowed_return() {
    let (left, right) = (String::from("tea"), String::from("cake"));
    let longest = handled("longer", || longer(&left, &right));
    assert!(std::ptr::eq(longest, bare_longer(&left, &right)));
    let reason = SkipReason::ContractViolation;
    assert_eq!(skipped("longer", reason, || longer(&left, "")), "none");
}

#[test]
fn impl_trait_as_an_argument() {
    assert_eq!(
        handled("joined", || joined([1, 2, 3])),
        bare_joined([1, 2, 3])
    );
    assert_eq!(
        skipped("joined", SkipReason::ContractViolation, || joined(["a"])),
        "handler `shapes::generics::joined` was skipped: contract_violation"
    );
}

#[test]
fn impl_trait_as_the_return_type() {
    let halves_of_two = handled("halves", || halves(&[2, 4]));
    assert_eq!(halves_of_two.len(), 2);
    assert_eq!(halves_of_two.collect::<Vec<_>>(), [50, 25]);
    let of_zero = skipped("halves", SkipReason::ContractViolation, || halves(&[0]));
    assert_eq!(of_zero.len(), 0);
}

#[test]
fn a_boxed_trait_object() {
    let numbers = [1, 2, 3];
    assert_eq!(
        handled("boxed", || boxed(&numbers, 1)).collect::<Vec<_>>(),
        [&2, &3]
    );
    let reason = SkipReason::ContractViolation;
    assert_eq!(skipped("boxed", reason, || boxed(&numbers, 4)).count(), 0);
}

#[test]
fn a_reference_into_a_mutable_argument() {
    let mut map = BTreeMap::from([("a", 1)]);
    *handled("get_or_insert", || get_or_insert(&mut map, "b", || 2))
        .handled()
        .unwrap() += 10;
    assert_eq!(map["b"], 12);
    let skip = skipped("get_or_insert", SkipReason::NotImplemented, || {
        get_or_insert(&mut map, "c", || todo!()).reason()
    });
    assert_eq!(skip, Some(SkipReason::NotImplemented));
    assert_eq!(map.len(), 2);
}

#[test]
fn an_async_constant() {
    assert_eq!(handled("doubled", || run(doubled([1, 2]))), [2, 4]);
    let reason = SkipReason::ContractViolation;
    assert_eq!(skipped("doubled", reason, || run(doubled([200]))), [0]);
}

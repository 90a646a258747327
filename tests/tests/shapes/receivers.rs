//! Methods: by value, by reference, boxed, counted, pinned, and without a receiver.

use std::{pin::Pin, rc::Rc};

use gambeson::{SkipReason, defensive_handler};

use super::{handled, skipped, twins};

#[derive(Clone, Debug, Default, PartialEq)]
struct Till {
    coins: Vec<u32>,
}

impl Till {
    twins! {
        #[defensive_handler(fallback = Vec::new())]
        () fn bare_empty, empty(self) -> Vec<u32> {
            assert!(!self.coins.is_empty());
            self.coins
        }
    }

    twins! {
        #[defensive_handler(fallback = |_| &0)]
        () fn bare_first, first(&self) -> &u32 {
            &self.coins[0]
        }
    }

    twins! {
        #[defensive_handler(fallback = &mut [])]
        () fn bare_put, put(&mut self, coin: u32) -> &mut [u32] {
            self.coins.push(coin);
            assert_ne!(coin, 3, "nobody mints threes");
            &mut self.coins[..]
        }
    }

    twins! {
        #[defensive_handler(fallback = 0)]
        () fn bare_unbox, unbox(self: Box<Self>) -> usize {
            let till = *self;
            till.coins[..2].len()
        }
    }

    twins! {
        #[defensive_handler(fallback = 0)]
        () fn bare_count, count(self: Rc<Self>) -> usize {
            self.coins[..2].len() + Rc::strong_count(&self)
        }
    }

    twins! {
        #[defensive_handler]
        () fn bare_refill, refill(mut self: Pin<&mut Self>, coins: &[u32]) {
            self.coins.clear();
            self.coins.push(coins[0]);
            self.set(Till { coins: coins.to_vec() });
        }
    }

    twins! {
        #[defensive_handler(fallback = Self::default())]
        () fn bare_with, with(coins: &[u32]) -> Self {
            assert!(!coins.is_empty());
            Self { coins: coins.to_vec() }
        }
    }
}

fn till() -> Till {
    Till {
        coins: vec![1, 2, 5],
    }
}

#[test]
fn by_value() {
    assert_eq!(handled("empty", || till().empty()), till().bare_empty());
    let of_none = skipped("empty", SkipReason::ContractViolation, || {
        Till::default().empty()
    });
    assert_eq!(of_none, [0_u32; 0]);
}

#[test]
fn by_reference() {
    let till = till();
    assert!(std::ptr::eq(
        handled("first", || till.first()),
        till.bare_first()
    ));
    let empty = Till::default();
    let coin = skipped("first", SkipReason::ContractViolation, || empty.first());
    assert_eq!(*coin, 0);
}

#[test]
fn by_mutable_reference() {
    let (mut defended, mut bare) = (till(), till());
    assert_eq!(handled("put", || defended.put(7)), bare.bare_put(7));
    handled("put", || defended.put(2)[0] = 10);
    bare.bare_put(2)[0] = 10;
    assert_eq!(defended, bare);
    let slice = skipped("put", SkipReason::ContractViolation, || defended.put(3));
    assert!(slice.is_empty());
    assert_eq!(
        defended.coins,
        [10, 2, 5, 7, 2, 3],
        "what it did before stays"
    );
}

#[test]
fn by_box() {
    let value = handled("unbox", || Box::new(till()).unbox());
    assert_eq!(value, Box::new(till()).bare_unbox());
    let reason = SkipReason::ContractViolation;
    assert_eq!(
        skipped("unbox", reason, || Box::new(Till::default()).unbox()),
        0
    );
}

#[test]
fn by_counted_reference() {
    let shared = Rc::new(till());
    let value = handled("count", || Rc::clone(&shared).count());
    assert_eq!(value, Rc::clone(&shared).bare_count());
    assert_eq!((value, Rc::strong_count(&shared)), (4, 1));
}

#[test]
fn by_pinned_reference() {
    let (mut defended, mut bare) = (till(), till());
    handled("refill", || Pin::new(&mut defended).refill(&[9, 9]));
    Pin::new(&mut bare).bare_refill(&[9, 9]);
    assert_eq!(defended, bare);
    skipped("refill", SkipReason::ContractViolation, || {
        Pin::new(&mut defended).refill(&[]);
    });
    assert_eq!(defended, Till::default());
}

#[test]
fn without_a_receiver() {
    assert_eq!(handled("with", || Till::with(&[4])), Till::bare_with(&[4]));
    let empty = skipped("with", SkipReason::ContractViolation, || Till::with(&[]));
    assert_eq!(empty, Till::default());
}

//! Methods of traits: implemented, defaulted, overridden, through `dyn`, associated types, async.

use std::ops::Index;

use gambeson::{Skip, SkipReason, defensive_handler};

use super::{handled, run, skipped};

trait Priced {
    type Price: Default + std::fmt::Debug + PartialEq;

    fn price(&self, quantity: usize) -> Self::Price;

    /// The default body, in terms of a method that an implementation defends.
    #[defensive_handler(fallback = Self::Price::default())]
    fn price_of_many(&self, quantity: usize) -> Self::Price
    where
        Self: Sized,
    {
        assert!(quantity <= 3);
        self.price(quantity)
    }

    fn label(&self) -> &str;

    #[defensive_handler(fallback = "nothing")]
    fn long_label(&self, from: usize) -> &str {
        &self.label()[from..]
    }
}

struct Tea {
    prices: Vec<u32>,
}

impl Priced for Tea {
    type Price = u32;

    #[defensive_handler(fallback = u32::MAX)]
    fn price(&self, quantity: usize) -> Self::Price {
        self.prices[quantity]
    }

    fn label(&self) -> &'static str {
        "green tea"
    }
}

struct Cake;

impl Priced for Cake {
    type Price = Option<u8>;

    fn price(&self, _: usize) -> Option<u8> {
        Some(3)
    }

    fn label(&self) -> &'static str {
        "cake"
    }

    #[defensive_handler(fallback = "no cake")]
    fn long_label(&self, from: usize) -> &str {
        self.label().split_at(from).0
    }
}

fn tea() -> Tea {
    Tea {
        prices: vec![0, 10, 18],
    }
}

#[test]
fn an_implementation() {
    assert_eq!(handled("price", || tea().price(2)), 18);
    let reason = SkipReason::ContractViolation;
    assert_eq!(skipped("price", reason, || tea().price(3)), u32::MAX);
}

#[test]
fn a_default_body() {
    assert_eq!(handled("price_of_many", || tea().price_of_many(1)), 10);
    assert_eq!(handled("price_of_many", || Cake.price_of_many(1)), Some(3));
    let reason = SkipReason::ContractViolation;
    assert_eq!(
        skipped("price_of_many", reason, || Cake.price_of_many(4)),
        None
    );
}

#[test]
fn through_dyn() {
    let tea: &dyn Priced<Price = u32> = &tea();
    assert_eq!(handled("long_label", || tea.long_label(6)), "tea");
    let reason = SkipReason::ContractViolation;
    assert_eq!(
        skipped("long_label", reason, || tea.long_label(99)),
        "nothing"
    );
}

#[test]
fn an_overridden_default() {
    assert_eq!(handled("long_label", || Cake.long_label(2)), "ca");
    let label = skipped("long_label", SkipReason::ContractViolation, || {
        Cake.long_label(99)
    });
    assert_eq!(label, "no cake");
}

impl Index<usize> for Tea {
    type Output = u32;

    #[defensive_handler(fallback = &7)]
    fn index(&self, index: usize) -> &u32 {
        &self.prices[index]
    }
}

#[test]
fn an_operator() {
    let tea = tea();
    assert_eq!(handled("index", || tea[1]), 10);
    assert_eq!(
        skipped("index", SkipReason::ContractViolation, || tea[9]),
        7
    );
}

trait Brews {
    fn brew(&mut self, minutes: u32) -> impl Future<Output = Result<u32, Skip>> + Send;
}

impl Brews for Tea {
    #[defensive_handler]
    async fn brew(&mut self, minutes: u32) -> Result<u32, Skip> {
        super::pause().await;
        self.prices.push(minutes);
        Ok(100 / minutes)
    }
}

#[test]
fn an_async_method() {
    let mut tea = tea();
    assert_eq!(handled("brew", || run(tea.brew(4))).unwrap(), 25);
    let skip = skipped("brew", SkipReason::ContractViolation, || run(tea.brew(0)));
    assert_eq!(skip.unwrap_err().reason(), SkipReason::ContractViolation);
    assert_eq!(tea.prices, [0, 10, 18, 4, 0]);
}

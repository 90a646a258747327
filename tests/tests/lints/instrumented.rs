//! Instrumented functions.

use std::{fmt::Debug, num::ParseIntError};

use gambeson::instrumented;
use tracing::Level;

const LEVEL: Level = Level::DEBUG;
const KEY: &str = "constant";

/// A stall of a market.
#[derive(Clone, Copy, Debug)]
pub struct Stall {
    takings: u32,
}

/// `()`, by default.
#[instrumented]
pub fn unit(numbers: &mut Vec<u32>) {
    numbers.push(1);
}

/// Every form of field.
#[instrumented(
    event = "lints.fields",
    name = "named",
    target = "lints",
    level = LEVEL,
    skip(skipped),
    fields(stall.takings, %city, ?skipped, "literal key" = 1, { KEY } = true, sum = ?(1, city), later)
)]
pub fn fields(city: &str, skipped: [u8; 2], stall: &Stall) -> usize {
    city.len()
        .wrapping_add(skipped.len())
        .wrapping_add(usize::from(stall.takings == 0))
}

/// An argument that nobody uses, one under a condition, and patterns.
#[instrumented]
pub fn patterns(
    _unused: u8,
    (left, mut right): (u8, u8),
    Stall { takings }: Stall,
    #[cfg(any())] missing: u8,
) -> u32 {
    right = right.wrapping_add(left);
    takings.wrapping_add(u32::from(right))
}

/// As [`patterns`], in a future.
#[instrumented(fields(twice = takings.wrapping_mul(2)))]
pub async fn patterns_later(
    _unused: u8,
    (left, mut right): (u8, u8),
    Stall { takings }: Stall,
    mut total: u32,
    _: u8,
) -> u32 {
    std::future::ready(()).await;
    right = right.wrapping_add(left);
    total = total.wrapping_add(takings);
    total.wrapping_add(u32::from(right))
}

/// Both records.
#[instrumented(err, ret(level = "debug"))]
pub fn records(text: &str) -> Result<u32, ParseIntError> {
    let number: u32 = text.parse()?;
    Ok(number)
}

/// Both records, in a future.
#[instrumented(err(Debug, level = 4), ret(Display))]
pub async fn records_later(text: &str) -> Result<u32, ParseIntError> {
    let number: u32 = std::future::ready(text).await.parse()?;
    Ok(number)
}

/// Generic, and of a type that cannot be written.
#[instrumented(skip_all, ret)]
pub fn opaque<T: Debug + Clone, const N: usize>(items: [T; N]) -> impl Iterator<Item = T> + Debug {
    items.into_iter()
}

/// A market.
pub trait Market {
    /// With a default body.
    #[instrumented]
    fn open(&self) -> bool {
        true
    }

    /// Without one.
    fn close(self: Box<Self>, reason: &str) -> String;
}

impl Market for Stall {
    #[instrumented(skip(self))]
    fn close(self: Box<Self>, reason: &str) -> String {
        reason.to_owned()
    }
}

impl Stall {
    /// What it took in.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.takings
    }

    /// By value, in a future that borrows.
    #[instrumented]
    pub async fn count(self, total: &mut u32) -> u32 {
        *total = total.wrapping_add(self.takings);
        std::future::ready(*total).await
    }
}

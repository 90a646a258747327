//! The plain form on functions.

use std::{fmt::Display, future::ready, num::ParseIntError};

use gambeson::{Outcome, Skip, defensive_handler};

/// An error with a place for skips.
#[derive(Debug)]
pub enum Failed {
    /// By the defence.
    Skipped(Skip),
    /// By the input.
    Number(ParseIntError),
}

impl From<Skip> for Failed {
    fn from(skip: Skip) -> Self {
        Self::Skipped(skip)
    }
}

impl From<ParseIntError> for Failed {
    fn from(error: ParseIntError) -> Self {
        Self::Number(error)
    }
}

/// `()`.
#[defensive_handler]
pub fn unit(numbers: &mut Vec<u32>) {
    numbers.push(1);
}

/// `Result`.
#[defensive_handler]
pub fn result(text: &str) -> Result<u32, Failed> {
    let number = text.parse()?;
    Ok(number)
}

/// `Outcome`.
#[defensive_handler(name = "outcome", budget = "1s")]
pub fn outcome(number: u32) -> Outcome<u32> {
    Outcome::Handled(number)
}

/// A value for a skip.
#[defensive_handler(fallback = "none")]
pub fn elided(text: &str) -> &str {
    text.trim()
}

/// A closure for a skip, that uses an argument.
#[defensive_handler(fallback = |skip| format!("{skip} {number}"))]
pub fn shown(number: u32) -> String {
    number.to_string()
}

/// Generic in every way.
#[defensive_handler(fallback = String::new())]
pub fn generic<T, const N: usize>(value: &T, other: impl Display, rest: [u8; N]) -> String
where
    T: Display + ?Sized,
{
    format!("{value}{other}{}", rest.len())
}

/// Opaque.
#[defensive_handler(fallback = Vec::new().into_iter())]
pub fn opaque(number: u32) -> impl Iterator<Item = u32> {
    vec![number].into_iter()
}

/// Patterns.
#[defensive_handler(fallback = 0)]
pub fn patterns((left, _): (u32, u32), [first, ..]: [u32; 2], mut last: u32, _: u8) -> u32 {
    last = last.saturating_add(left).saturating_add(first);
    last
}

/// Never.
#[defensive_handler(fallback = |_| std::process::abort())]
pub fn never(code: u32) -> ! {
    std::process::exit(i32::from(code == 0))
}

/// Another ABI.
#[defensive_handler(fallback = 0)]
pub extern "C" fn foreign(number: u32) -> u32 {
    number
}

/// Async, `()`.
#[defensive_handler]
pub async fn unit_later(numbers: &mut Vec<u32>) {
    ready(()).await;
    numbers.push(1);
}

/// Async, `Result`.
#[defensive_handler]
pub async fn result_later(text: &str) -> Result<u32, Failed> {
    ready(()).await;
    let number = text.parse()?;
    Ok(number)
}

/// Async patterns.
#[defensive_handler(fallback = 0)]
pub async fn patterns_later(
    (left, _): (u32, u32),
    [ref first, ..]: [u32; 2],
    mut last: u32,
    _unused: u8,
    _: u8,
) -> u32 {
    ready(()).await;
    last = last.saturating_add(left).saturating_add(*first);
    last
}

/// Async never.
#[defensive_handler(fallback = |_| std::process::abort())]
pub async fn never_later() -> ! {
    ready(()).await;
    std::process::exit(0)
}

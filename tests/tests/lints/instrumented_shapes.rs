//! Instrumented functions of every shape: no lint fires that would not fire without the attribute.

use std::{
    future::{Ready, ready},
    panic::Location,
    pin::Pin,
    rc::Rc,
};

use gambeson::{Skip, defensive_handler, instrumented};

use super::instrumented::Stall;

/// A body that starts with items.
#[instrumented]
pub fn items(text: &mut String) {
    use std::fmt::Write as _;
    const NUMBER: u32 = 1;

    if write!(text, "{NUMBER}").is_err() {
        text.clear();
    }
}

/// The same, with a value.
#[instrumented]
pub fn items_of_value(text: &mut String) -> usize {
    use std::fmt::Write as _;
    const NUMBER: u32 = 1;

    if write!(text, "{NUMBER}").is_err() {
        text.clear();
    }
    text.len()
}

/// The same, in a future.
#[instrumented]
pub async fn items_later(text: &mut String) -> usize {
    use std::fmt::Write as _;
    const NUMBER: u32 = 1;

    if write!(text, "{NUMBER}").is_err() {
        text.clear();
    }
    ready(text.len()).await
}

/// Arguments that are in a format string only.
#[instrumented]
pub fn formatted(width: usize, r#type: u32, text: &mut String) {
    *text = format!("{type:width$}");
}

/// An argument that only the attribute uses.
#[instrumented(skip_all, fields(total = stall.total()))]
pub fn written(stall: Stall) {}

/// The same, with a value.
#[instrumented(skip_all, fields(total = stall.total()))]
pub fn written_with_value(stall: Stall) -> u32 {
    1
}

/// The same, in a future, and in a pattern.
#[instrumented(skip_all, fields(total = stall.total(), left = left))]
pub async fn written_later(stall: Stall, (left, _): (u8, u8), mut right: u8) -> u8 {
    right = right.wrapping_mul(2);
    ready(right).await
}

/// Arguments whose names say that nobody uses them.
#[instrumented]
pub fn underscored(_stall: Stall, (_left, right): (u8, u8), _: u8, numbers: &mut Vec<u8>) {
    numbers.push(right);
}

/// The same, in a future.
#[instrumented]
pub async fn underscored_later(_stall: Stall, _number: u8, _: u8, number: u8) -> u8 {
    ready(number).await
}

/// Never.
#[instrumented]
pub fn never(code: i32) -> ! {
    std::process::exit(code)
}

/// Never, in a future.
#[instrumented]
pub async fn never_later(code: i32) -> ! {
    ready(()).await;
    std::process::exit(code)
}

/// Where it was called.
#[instrumented]
#[track_caller]
pub fn tracked(line: u32) -> bool {
    Location::caller().line() == line
}

/// With what the compiler is told of other functions.
#[instrumented]
#[must_use]
#[inline]
#[cold]
pub fn told(number: u32) -> u32 {
    number.wrapping_add(1)
}

/// A future of any type.
#[instrumented]
pub fn future(text: &str) -> impl Future<Output = usize> + Send + '_ {
    let length = text.len();
    async move { ready(length).await.wrapping_add(text.len()) }
}

/// A future in a box.
#[instrumented]
pub fn boxed(number: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    if number == 0 {
        return Box::pin(ready(0));
    }
    Box::pin(async move { ready(number).await })
}

/// A future with a name.
#[instrumented]
pub fn named(number: u32) -> Ready<u32> {
    ready(number)
}

/// Every way out.
#[instrumented(err)]
pub fn ways_out(text: &str, numbers: &[u32]) -> Result<u32, Box<dyn std::error::Error>> {
    if text.is_empty() {
        return Ok(0);
    }
    for number in numbers {
        if *number == 1 {
            return Err("one".into());
        }
    }
    let number: u32 = text.parse()?;
    Ok(number)
}

/// Every way out, without a value.
#[instrumented]
pub fn ways_out_of_nothing(text: &str, numbers: &mut Vec<u32>) {
    if text.is_empty() {
        return;
    }
    let Ok(number) = text.parse() else { return };
    numbers.push(number);
}

/// Defended too.
#[instrumented(defend)]
pub fn defended(of: u32) -> Result<u32, Skip> {
    of.checked_add(1).map_or_else(|| Ok(0), Ok)
}

/// Below another attribute.
#[defensive_handler]
#[instrumented]
pub fn below(of: u32) -> Result<u32, Skip> {
    of.checked_add(1).map_or_else(|| Ok(0), Ok)
}

impl Stall {
    /// By a shared pointer.
    #[instrumented]
    pub fn shared(self: Rc<Self>, more: u32) -> u32 {
        self.total().wrapping_add(more)
    }

    /// Pinned, without a value.
    #[instrumented]
    pub fn pinned(self: Pin<&mut Self>, totals: &mut Vec<u32>) {
        totals.push(self.total());
    }

    /// By value, in a future.
    #[instrumented]
    pub async fn later(self: Box<Self>, more: &mut u32) -> u32 {
        *more = more.wrapping_add(1);
        ready(self.total()).await.wrapping_add(*more)
    }
}

//! Lints of the user's own code fire under the attribute: an expectation that nothing fulfils is an
//! error here.

use gambeson::instrumented;

/// An argument that nobody uses is told, though it is recorded.
#[instrumented]
pub fn unused(#[expect(unused_variables)] number: u32) {}

/// The same, where the body has another variable by the name of a label.
#[instrumented]
#[expect(unused_variables)]
pub fn unused_beside_a_label(number: u32, mut more: u32) {
    'number: loop {
        more = more.wrapping_sub(1);
        if more == 0 {
            break 'number;
        }
    }
}

/// The same, in a pattern.
#[instrumented]
#[expect(unused_variables)]
pub fn unused_in_a_pattern((left, right): (u32, u32), numbers: &mut Vec<u32>) {
    numbers.push(right);
}

/// The same, with a value.
#[instrumented]
pub fn unused_with_value(#[expect(unused_variables)] number: u32) -> u32 {
    1
}

/// The same, with records of the value.
#[instrumented(err, ret)]
pub fn unused_with_records(#[expect(unused_variables)] number: u32) -> Result<u32, String> {
    Ok(1)
}

/// The same, in a future.
#[instrumented]
pub async fn unused_later(#[expect(unused_variables)] number: u32) -> u32 {
    std::future::ready(1).await
}

/// The same, in a future that takes an argument apart.
#[instrumented]
#[expect(unused_variables)]
pub async fn unused_pattern_later((left, right): (u32, u32), number: u32) -> u32 {
    std::future::ready(right).await
}

/// The same, skipped.
#[instrumented(skip_all)]
pub async fn unused_and_skipped(#[expect(unused_variables)] number: u32) -> u32 {
    std::future::ready(1).await
}

/// An argument that nobody changes.
#[instrumented]
pub fn unchanged(#[expect(unused_mut)] mut number: u32, numbers: &mut Vec<u32>) {
    numbers.push(number);
}

/// The same, with a value.
#[instrumented]
pub fn unchanged_with_value(#[expect(unused_mut)] mut number: u32) -> u32 {
    number
}

/// The same, in a future.
#[instrumented]
pub async fn unchanged_later(#[expect(unused_mut)] mut number: u32) -> u32 {
    std::future::ready(number).await
}

/// A value that has to be used.
#[instrumented]
#[expect(unused_must_use)]
pub fn lost(text: &str) {
    text.parse::<u32>();
}

/// The same, with a value.
#[instrumented]
#[expect(unused_must_use)]
pub fn lost_with_value(text: &str) -> usize {
    text.parse::<u32>();
    text.len()
}

/// The same, in a future.
#[instrumented]
#[expect(unused_must_use)]
pub async fn lost_later(text: &str) -> usize {
    text.parse::<u32>();
    std::future::ready(text.len()).await
}

/// Braces round a value.
#[instrumented]
#[expect(unused_braces)]
#[rustfmt::skip]
pub fn braces() -> u32 {
    { 1 }
}

/// The same, in a future.
#[instrumented]
#[expect(unused_parens)]
#[rustfmt::skip]
pub async fn parens_later() -> u32 {
    let number = (1);
    std::future::ready(number).await
}

/// Code that is never run.
#[instrumented]
#[expect(unreachable_code)]
pub fn unreachable(numbers: &mut Vec<u32>) {
    return;
    numbers.push(1);
}

/// The same, with a value.
#[instrumented]
#[expect(unreachable_code)]
pub fn unreachable_with_value() -> u32 {
    return 1;
    2
}

/// A value that nobody reads.
#[instrumented]
#[expect(unused_assignments)]
pub fn unread(mut number: u32, numbers: &mut Vec<u32>) {
    numbers.push(number);
    number = 2;
}

/// Output.
#[instrumented]
#[expect(clippy::print_stdout)]
pub fn printed(text: &str) {
    println!("{text}");
}

/// The same, with a value.
#[instrumented]
#[expect(clippy::print_stdout)]
pub fn printed_with_value(text: &str) -> usize {
    println!("{text}");
    text.len()
}

/// The same, in a future.
#[instrumented]
#[expect(clippy::print_stdout)]
pub async fn printed_later(text: &str) -> usize {
    println!("{text}");
    std::future::ready(text.len()).await
}

/// A `return` that need not be written. In a closure and in a future it is not told.
#[instrumented]
#[expect(clippy::needless_return)]
pub fn returned(numbers: &mut Vec<u32>) {
    numbers.push(1);
    return;
}

/// A variable that need not be there.
#[instrumented]
#[expect(clippy::let_and_return)]
pub fn bound(text: &str) -> usize {
    let length = text.len();
    length
}

/// A name that is not written as names are.
#[instrumented]
pub async fn named(#[expect(non_snake_case)] numberOf: u32) -> u32 {
    std::future::ready(numberOf).await
}

#[instrumented]
#[expect(dead_code)]
fn nobody_calls(_number: u32) {}

#[instrumented]
#[expect(dead_code)]
async fn nobody_calls_later(_number: u32) {
    std::future::ready(()).await;
}

//! How the functions are called.

use std::{future::Future, hint::black_box};

use crate::work::poll_to_the_end;

const B: u64 = 5;

/// Calls a function.
#[inline]
pub(super) fn call(function: impl Fn(u64, u64) -> u64) {
    black_box(function(black_box(3), B));
}

/// Awaits a future that is ready at its first poll.
#[inline]
pub(super) fn await_one<F: Future<Output = u64>>(function: impl Fn(u64, u64) -> F) {
    black_box(poll_to_the_end(function(black_box(1), B)));
}

/// Awaits one future that is ready at the poll of this number.
pub(super) fn poll<F: Future<Output = u64>>(function: impl Fn(u64, u64) -> F, polls: u64) {
    black_box(poll_to_the_end(function(polls, B)));
}

//! One function, plain and under the attributes: it is given two numbers and returns one.

use std::{
    future::{Future, poll_fn},
    task::Poll,
};

use crate::work;

#[inline]
fn body(a: u64, b: u64) -> u64 {
    work::note(a);
    a.wrapping_add(b)
}

/// Ready at the poll of this number; each poll does the work of the body.
fn polled(polls: u64, b: u64) -> impl Future<Output = u64> {
    let mut left = polls;
    poll_fn(move |_| {
        let sum = body(left, b);
        left -= 1;
        if left == 0 {
            Poll::Ready(sum)
        } else {
            Poll::Pending
        }
    })
}

/// The two functions of an attribute. They are not inlined, so that the cases differ in what the
/// attribute adds alone.
macro_rules! functions {
    ($(#[$attribute:meta])? mod $name:ident) => {
        pub(super) mod $name {
            use super::*;

            $(#[$attribute])?
            #[inline(never)]
            pub(crate) fn call(a: u64, b: u64) -> u64 {
                body(a, b)
            }

            $(#[$attribute])?
            #[inline(never)]
            pub(crate) async fn run(polls: u64, b: u64) -> u64 {
                polled(polls, b).await
            }
        }
    };
}

functions! { mod plain }

// Disabled: no handler takes these events.
functions! { #[gambeson::instrumented(event = "work.unobserved")] mod unobserved }

// Enabled: by their level the spans are off, so that what is left is what the events cost.
functions! { #[gambeson::instrumented(event = "work.timed", level = "trace", skip_all)] mod timed }
functions! { #[gambeson::instrumented(event = "work.read", level = "trace")] mod read }
functions! { #[gambeson::instrumented(event = "work.started", level = "trace", skip_all)] mod started }

// As ours: with both arguments, and with none.
functions! { #[tracing::instrument] mod by_tracing }
functions! { #[tracing::instrument(skip_all)] mod by_tracing_without_arguments }

// These capture no arguments.
functions! { #[fastrace::trace] mod by_fastrace }
functions! { #[autometrics::autometrics] mod by_autometrics }

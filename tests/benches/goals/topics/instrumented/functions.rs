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

/// The two functions of an attribute; the async one is ready at the poll of its first number. They
/// are not inlined, so that the cases differ in what the attribute adds alone.
macro_rules! functions {
    ($(#[$attribute:meta])? mod $name:ident($a:ident, $b:ident)) => {
        pub(super) mod $name {
            use super::*;

            $(#[$attribute])?
            #[inline(never)]
            pub(crate) fn call($a: u64, $b: u64) -> u64 {
                body($a, $b)
            }

            $(#[$attribute])?
            #[inline(never)]
            pub(crate) async fn run($a: u64, $b: u64) -> u64 {
                polled($a, $b).await
            }
        }
    };
}

functions! { mod plain(a, b) }

// Nobody takes these events; both attributes would record the arguments.
functions! { #[gambeson::instrumented(event = "work.unobserved")] mod unobserved(a, b) }
functions! { #[tracing::instrument] mod by_tracing(a, b) }

// By their level the spans are off, so that what is left is what the events cost.
functions! {
    #[gambeson::instrumented(event = "work.timed", level = "trace", skip_all)]
    mod timed(a, b)
}
functions! {
    #[gambeson::instrumented(event = "work.started", level = "trace", skip_all)]
    mod started(a, b)
}
functions! { #[tracing::instrument(skip_all)] mod timed_by_tracing(a, b) }
functions! { #[fastrace::trace] mod timed_by_fastrace(a, b) }
functions! { #[autometrics::autometrics] mod timed_by_autometrics(a, b) }

// These have two fields that are read.
functions! {
    #[gambeson::instrumented(
        event = "work.read",
        level = "trace",
        skip_all,
        fields(a = a, b = b)
    )]
    mod read(a, b)
}
functions! { #[tracing::instrument(skip_all, fields(a = a, b = b))] mod read_by_tracing(a, b) }

//! A defended async function, poll by poll (goal 10).

use std::{
    future::Future,
    pin::pin,
    task::{Context, Waker},
};

use gambeson::defensive_handler;

use crate::{
    harness::{Case, Group, Options, Row},
    work,
};

const PLAIN: &str = "plain";
const DEFENDED: &str = "defended";
const PLAIN_FIRST: &str = "plain, one poll";
const DEFENDED_FIRST: &str = "defended, one poll";

async fn plain(polls: u64) {
    work::pending(polls).await;
}

#[defensive_handler]
async fn defended(polls: u64) {
    work::pending(polls).await;
}

fn poll_to_the_end(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    while future.as_mut().poll(&mut context).is_pending() {}
}

/// Times a poll of a future that lives long, and a future of one poll.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let rounds = Group::new([
        Case::looped(PLAIN, |polls| poll_to_the_end(plain(polls))),
        Case::looped(DEFENDED, |polls| poll_to_the_end(defended(polls))),
        Case::new(PLAIN_FIRST, || poll_to_the_end(plain(1))),
        Case::new(DEFENDED_FIRST, || poll_to_the_end(defended(1))),
    ])
    .measure(options);
    let added = rounds.median(|round| round.of(DEFENDED_FIRST) - round.of(PLAIN_FIRST));
    vec![
        Row::times(
            10,
            "poll of a defended future / plain",
            rounds.ratio(DEFENDED, PLAIN),
        )
        .at_most(1.05),
        Row::nanos(10, "added to a future of one poll", added),
    ]
}

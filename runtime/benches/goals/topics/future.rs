//! A defended async function, poll by poll (goal 10).

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

/// Times a poll of a future that lives long, and a future of one poll.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let rounds = Group::new([
        Case::looped(PLAIN, |polls| work::poll_to_the_end(plain(polls))),
        Case::looped(DEFENDED, |polls| work::poll_to_the_end(defended(polls))),
        Case::new(PLAIN_FIRST, || work::poll_to_the_end(plain(1))),
        Case::new(DEFENDED_FIRST, || work::poll_to_the_end(defended(1))),
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

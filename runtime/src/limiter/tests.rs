//! Who gets a ticket, and that none is lost.

use std::time::Duration;

use super::*;
use crate::config::DebugLog;

fn log(burst: u32, per_minute: u32) -> DebugLog {
    DebugLog {
        burst,
        per_minute,
        ..DebugLog::default()
    }
}

fn rate(log: &DebugLog) -> Rate<'_> {
    Rate { log, clock: None }
}

/// A bug's ticket with the gate shut.
fn bug(limiters: &Limiters, log: &DebugLog) -> Option<Ticket> {
    limiters.ticket(SkipReason::Unexpected, false, rate(log))
}

fn untold(limiters: &Limiters, bugs: u64) -> Vec<(Topic, u64)> {
    limiters.untold([(SkipReason::Unexpected, bugs)].into_iter())
}

const UNEXPECTED: Topic = Topic::Skip(SkipReason::Unexpected);

#[test]
fn a_burst_then_the_rate_and_the_count_of_the_rest() {
    let (bucket, log) = (Bucket::default(), log(3, 60));
    let at = |millis| Duration::from_secs(5) + Duration::from_millis(millis);
    let told = |millis| bucket.take_at(&log, at(millis));
    assert_eq!(
        [told(0), told(1), told(2), told(3)],
        [Some(0), Some(0), Some(0), None]
    );
    assert_eq!(told(500), None);
    assert_eq!(told(1010), Some(2));
    assert_eq!(told(1020), None);
}

#[test]
fn without_a_rate_there_is_only_the_burst() {
    let (bucket, log) = (Bucket::default(), log(2, 0));
    let told = (0..100).filter(|hour| {
        let now = Duration::from_secs(3600 * hour);
        bucket.take_at(&log, now).is_some()
    });
    assert_eq!(told.count(), 2);
}

#[test]
fn the_gate_shut_tells_the_first_bug_of_each_reason_and_nothing_else() {
    let (limiters, log) = (Limiters::new(), log(5, 60));
    let ticket = |reason| limiters.ticket(reason, false, rate(&log)).is_some();
    assert!(!ticket(SkipReason::Unavailable));
    assert!(ticket(SkipReason::Unexpected));
    assert!(!ticket(SkipReason::Unexpected));
    assert!(ticket(SkipReason::StateCorrupted));
    assert!(!ticket(SkipReason::StateCorrupted));
    assert!(limiters.probe_ticket(false, rate(&log)).is_some());
    assert!(limiters.probe_ticket(false, rate(&log)).is_none());
}

#[test]
fn a_bug_that_nobody_was_told_of_was_not_the_first() {
    let (limiters, log) = (Limiters::new(), log(2, 0));
    let lost = bug(&limiters, &log).expect("the first");
    assert_eq!(bug(&limiters, &log), None, "while it is told");
    limiters.settle(lost, Fate::Dropped);
    let told = bug(&limiters, &log).expect("the first that is told");
    assert_eq!(told.suppressed(), Some(1));
    limiters.settle(told, Fate::Told);
    assert_eq!(bug(&limiters, &log), None);
    assert_eq!(limiters.records_dropped(), 1);
    assert_eq!(untold(&limiters, 7), [(UNEXPECTED, 5)], "of 7, 2 were told");
    assert_eq!(untold(&limiters, 7), [], "once");
    assert_eq!(untold(&limiters, 9), [(UNEXPECTED, 2)]);
    limiters.keep(UNEXPECTED, 2);
    assert_eq!(untold(&limiters, 9), [(UNEXPECTED, 2)], "nobody took it");
}

/// Nobody takes records: to try again with each failure would cost without bound.
#[test]
fn records_that_nobody_takes_are_within_the_limit_too() {
    let (limiters, log) = (Limiters::new(), log(3, 0));
    let lost = (0..100).filter(|_| {
        let ticket = bug(&limiters, &log);
        ticket.inspect(|ticket| limiters.settle(*ticket, Fate::Failed { is_told: false }));
        ticket.is_some()
    });
    assert_eq!(lost.count(), 3);
    assert_eq!(limiters.records_failed(), 3);
    assert_eq!(untold(&limiters, 100), [(UNEXPECTED, 100)]);
}

/// An error that its caller has in hand says nothing of a panic for the same reason.
#[test]
fn what_the_caller_was_told_is_not_told_again_and_hides_no_panic() {
    let (limiters, log) = (Limiters::new(), log(5, 0));
    let returned = bug(&limiters, &log).expect("the first");
    limiters.settle(returned, Fate::Returned);
    assert_eq!(bug(&limiters, &log), None);
    let panic = limiters.panic_ticket(SkipReason::Unexpected, false, rate(&log));
    limiters.settle(panic.expect("the first panic"), Fate::Told);
    let panic = limiters.panic_ticket(SkipReason::Unexpected, false, rate(&log));
    assert_eq!(panic, None);
}

#[test]
fn every_topic_counts_what_it_holds_back() {
    let (limiters, log) = (Limiters::new(), log(1, 0));
    for _ in 0..3 {
        let rate = rate(&log);
        let tickets = [
            limiters.ticket(SkipReason::TimedOut, true, rate),
            limiters.transition(rate),
            limiters.slow_call(rate),
            limiters.values(rate),
            limiters.probe_ticket(false, rate),
        ];
        for ticket in tickets.into_iter().flatten() {
            limiters.settle(ticket, Fate::Told);
        }
    }
    let untold = limiters.untold([(SkipReason::TimedOut, 3)].into_iter());
    assert_eq!(
        untold,
        [
            (Topic::Skip(SkipReason::TimedOut), 2),
            (Topic::Probe, 2),
            (Topic::Transition, 2),
            (Topic::SlowCall, 2),
            (Topic::Values, 2),
        ]
    );
}

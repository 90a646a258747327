//! Workers under whom everything happens at once, by a seeded choice.

use std::{
    error::Error,
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use gambeson::{Event, Resource, SkipReason, defensive_handler, emit, handler};
use gambeson_tests::{Choices, PATIENCE, crowd, seed, stores::Table};

use crate::{AT_ONCE, annotated, number, started};

const WORKERS: usize = 20;
const OPERATIONS: u64 = 100;

/// What an operation does once it has its table.
const FATES: usize = 5;
const WORKS: usize = 0;
const IS_LATE: usize = 1;
const FAILS: usize = 2;
const PANICS: usize = 3;
const DELETES: usize = 4;

static TABLE: Resource<Table> = Resource::with_opener("worked on", Table::open).restart(AT_ONCE);

/// What was done, by fate: the book of the handler itself.
static DONE: [AtomicU64; FATES] = [const { AtomicU64::new(0) }; FATES];

#[defensive_handler(on = "worker.operation")]
fn operates(
    event: &Event<'_>,
    #[needs(TABLE)] table: &Table,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let fate = number(event, "fate");
    DONE[fate].fetch_add(1, Ordering::SeqCst);
    match fate {
        WORKS => table.add(1, 1),
        IS_LATE => {
            // Others run meanwhile, and one of them may delete the table under it.
            (0..50).for_each(|_| thread::yield_now());
            table.add(1, 1);
        }
        FAILS => return Err(io::Error::from(io::ErrorKind::TimedOut).into()),
        PANICS => panic!("injected"),
        _ => {
            Table::delete(&TABLE);
        }
    }
    Ok(())
}

/// 20 workers, 100 operations each: what the handler did is what was counted, and what it did not
/// do was skipped while the table was gone.
#[test]
fn twenty_workers_with_delays_and_failures_are_counted_exactly() {
    let seed = seed("RECOVERY_SEED");
    let mut monitor = TABLE.monitor();
    let telemetry = Arc::new(started([annotated(handler!(operates))]));
    let worker = Arc::clone(&telemetry);
    let workers = crowd(WORKERS, move |stream| {
        let mut choices = Choices::new(seed, stream as u64);
        for _ in 0..OPERATIONS {
            // Half of them work.
            let fate = [WORKS, WORKS, WORKS, WORKS, IS_LATE, FAILS, PANICS, DELETES];
            let fate = fate[usize::try_from(choices.below(8)).unwrap()];
            worker.enter(|| emit!("worker.operation", { fate = fate }));
        }
    });
    workers.join();
    let report = telemetry.report();
    let done = DONE.each_ref().map(|done| done.load(Ordering::SeqCst));
    let counts = report.handler("operates").unwrap();
    let ran: u64 = done.iter().sum();
    assert_eq!(counts.matched, WORKERS as u64 * OPERATIONS);
    assert_eq!(counts.handled, done[WORKS] + done[IS_LATE] + done[DELETES]);
    assert_eq!(counts.skipped(SkipReason::TimedOut), done[FAILS]);
    assert_eq!(counts.skipped(SkipReason::Unexpected), done[PANICS]);
    let gone = counts.skipped(SkipReason::StateUnavailable);
    assert_eq!(gone, counts.matched - ran, "{report}");
    assert!(counts.is_conserved());

    let deaths = std::iter::from_fn(|| monitor.try_next()).count() as u64;
    assert!(
        (1..=done[DELETES]).contains(&deaths),
        "{deaths} of {done:?}"
    );
    TABLE.wait_ready(PATIENCE).unwrap();
    telemetry.enter(|| emit!("worker.operation", { fate = WORKS }));
    let handled = telemetry.report().handler("operates").unwrap().handled;
    assert_eq!(handled, counts.handled + 1, "and all goes on");
}

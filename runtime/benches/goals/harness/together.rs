//! Two threads that really run at the same time.

use std::{
    hint::spin_loop,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

/// On a small or busy machine the second thread may get its turn when the first has finished.
const ATTEMPTS: u32 = 25;

/// So much of the longer run must have been beside the other one.
const OVERLAP: f64 = 0.8;

/// How long each of two threads took for its calls, on average; NaN if they never overlapped.
pub(super) fn seconds(run: impl Fn(u64) + Sync, calls: u64) -> f64 {
    (0..ATTEMPTS)
        .find_map(|_| attempt(&run, calls))
        .unwrap_or(f64::NAN)
}

fn attempt(run: &(impl Fn(u64) + Sync), calls: u64) -> Option<f64> {
    let ready = AtomicUsize::new(0);
    let part = || {
        // A thread's first call may be dearer.
        run(1);
        ready.fetch_add(1, Ordering::AcqRel);
        while ready.load(Ordering::Acquire) < 2 {
            spin_loop();
        }
        let started = Instant::now();
        run(calls);
        (started, Instant::now())
    };
    let (mine, other) = thread::scope(|scope| {
        let other = scope.spawn(part);
        (part(), other.join())
    });
    let other = other.ok()?;
    let took = |(started, ended): (Instant, Instant)| ended.duration_since(started);
    let shared = mine
        .1
        .min(other.1)
        .saturating_duration_since(mine.0.max(other.0));
    let longer = took(mine).max(took(other));
    let overlapped = shared.as_secs_f64() >= OVERLAP * longer.as_secs_f64();
    overlapped.then(|| mean(took(mine), took(other)))
}

fn mean(one: Duration, other: Duration) -> f64 {
    f64::midpoint(one.as_secs_f64(), other.as_secs_f64())
}

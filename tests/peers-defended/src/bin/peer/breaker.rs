//! Fifty calls of code that panics, under a circuit breaker of another crate and under ours.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use failsafe::{CircuitBreaker, Config, backoff, failure_policy};
use gambeson::{Defense, Quarantine};

use crate::{Way, say, telemetry};

/// How often the code ran.
static RUNS: AtomicU64 = AtomicU64::new(0);

fn charge() -> Result<(), String> {
    RUNS.fetch_add(1, Ordering::Relaxed);
    panic!("the terminal does not answer")
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn breaker(way: Way) {
    let telemetry = telemetry();
    match way {
        Way::Bare => {
            // The panics are caught by the caller, as a server does around each request.
            std::panic::set_hook(Box::new(|_| ()));
            let backoff = backoff::constant(Duration::from_secs(3600));
            let policy = failure_policy::consecutive_failures(5, backoff);
            let breaker = Config::new().failure_policy(policy).build();
            for _ in 0..50 {
                let caught = catch_unwind(AssertUnwindSafe(|| breaker.call(charge)));
                drop(caught);
            }
            println!("still permitted: {}", breaker.is_call_permitted());
        }
        Way::Defended => {
            let quarantine = Quarantine::INHERIT.failures(5).cooldown("1h");
            let terminal = Defense::new("terminal").quarantine(quarantine);
            for _ in 0..50 {
                let charged = terminal.run_or(charge, |skip| Err(skip.to_string()));
                assert!(charged.is_err(), "it never answers");
            }
            say(&telemetry, "terminal");
        }
    }
    println!("ran: {}", RUNS.load(Ordering::Relaxed));
}

//! The asymmetric fence, which no model checker knows, on real threads.
//!
//! ```text
//! caller: mark, look whether it is closed, use
//! closer: close, fence for all threads, look at the marks, take away
//! ```
//!
//! Without the fence the caller's mark may still be on its way when the closer looks, and the value
//! is taken away while it is used: a child process is run that way, and must notice.

use std::{
    process::Command,
    sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use super::Gate;
use crate::hazard::{self, LEFT_OUT, Mutation};

const CLOSINGS: usize = 20_000;

/// How many without the fence, where the first late call is enough.
const CLOSINGS_WITHOUT: usize = 1_000_000;

/// A gate, and whether what is behind it is there.
struct Lent {
    gate: Gate,
    there: AtomicBool,
}

/// A line of its own in the caches.
#[derive(Default)]
#[repr(align(128))]
struct Line(AtomicU64);

/// What a caller writes before its mark, and the closer reads: so the mark has to wait for them.
type Before = [Line; 16];

/// Closes so many gates, or until a call has used what had been taken away. Returns how many did.
fn late_calls(closings: usize) -> u64 {
    let lent: Vec<_> = (0..closings)
        .map(|_| Lent {
            gate: Gate::new(),
            there: AtomicBool::new(true),
        })
        .collect();
    let (before, current) = (Before::default(), AtomicUsize::new(0));
    let late = AtomicU64::new(0);
    thread::scope(|scope| {
        scope.spawn(|| call_all(&lent, &before, &current, &late));
        for (index, lent) in lent.iter().enumerate() {
            if late.load(Ordering::Relaxed) > 0 {
                break;
            }
            current.store(index, Ordering::Relaxed);
            // Until the caller is at this gate, if it runs at all.
            let patience = Instant::now();
            let seen = before[0].0.load(Ordering::Relaxed);
            while before
                .iter()
                .any(|line| line.0.load(Ordering::Relaxed) < seen + 2)
                && patience.elapsed().as_millis() < 20
            {
                std::hint::spin_loop();
            }
            lent.gate.close();
            // At once, since to wait takes longer than a mark is on its way.
            while lent.gate.inside() > 0 {
                std::hint::spin_loop();
            }
            lent.there.store(false, Ordering::Relaxed);
        }
        current.store(closings, Ordering::Relaxed);
    });
    late.into_inner()
}

fn call_all(lent: &[Lent], before: &Before, current: &AtomicUsize, late: &AtomicU64) {
    let here = hazard::here().expect("a thread that lives");
    let mut calls = 0;
    while let Some(lent) = lent.get(current.load(Ordering::Relaxed)) {
        calls += 1;
        for line in before {
            line.0.store(calls, Ordering::Relaxed);
        }
        let visit = lent.gate.visit(here).expect("a mark");
        if !lent.gate.is_closed() && !lent.there.load(Ordering::Relaxed) {
            late.fetch_add(1, Ordering::Relaxed);
        }
        drop(visit);
    }
}

#[test]
fn nothing_is_used_after_it_was_taken_away() {
    let whole = std::env::var_os(LEFT_OUT).is_none();
    let closings = if whole { CLOSINGS } else { CLOSINGS_WITHOUT };
    assert_eq!(late_calls(closings), 0, "late calls");
}

/// On one processor threads take turns, and the fence is not needed; and without optimisation a
/// mark is long there when the gate is looked at.
#[test]
#[cfg_attr(debug_assertions, ignore = "needs `--release`")]
fn without_the_fence_it_is() {
    if thread::available_parallelism().is_ok_and(|threads| threads.get() == 1) {
        println!("on one processor this shows nothing");
        return;
    }
    let test = "gate::stress::nothing_is_used_after_it_was_taken_away";
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args([test, "--exact"])
        .env(LEFT_OUT, (Mutation::NoHeavyFence as usize).to_string())
        .output()
        .expect("this test runs again");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "nobody missed the fence: {said}");
    assert!(said.contains("late calls"), "it failed otherwise: {said}");
}

//! The gate that makes "is it there?" and "use it" one step.
//!
//! One word holds a closed bit and the number of calls inside. Entering is a compare-and-swap
//! that fails once the bit is set, so that after [`Gate::close`] the count can only fall, and
//! whoever saw it reach zero may free what the calls borrowed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::sync::{AtomicUsize, Condvar, Mutex, Ordering, lock};

const CLOSED: usize = 1 << (usize::BITS - 1);

/// Lets calls in until it is closed, and tells when the last one has left.
#[derive(Debug)]
pub(crate) struct Gate {
    word: AtomicUsize,
    waiting: Mutex<()>,
    idle: Condvar,
}

/// A call that is inside; leaves when dropped.
#[derive(Debug)]
pub(crate) struct Pass<'a>(&'a Gate);

/// What a wait for the last call ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idle {
    /// Nothing is inside.
    Reached,
    /// The deadline passed; this many calls are still inside.
    Busy(usize),
}

impl Gate {
    pub(crate) fn new() -> Self {
        Gate {
            word: AtomicUsize::new(0),
            waiting: Mutex::new(()),
            idle: Condvar::new(),
        }
    }

    /// Goes in, unless the gate is closed.
    pub(crate) fn enter(&self) -> Option<Pass<'_>> {
        self.count_in().then(|| Pass(self))
    }

    /// Goes in with a pass that may outlive this borrow.
    pub(crate) fn enter_owned<T: AsRef<Gate>>(owner: Arc<T>) -> Option<OwnedPass<T>> {
        if (*owner).as_ref().count_in() {
            Some(OwnedPass(owner))
        } else {
            None
        }
    }

    /// Lets nothing more in. Returns whether it was open.
    pub(crate) fn close(&self) -> bool {
        self.word.fetch_or(CLOSED, Ordering::SeqCst) & CLOSED == 0
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.word.load(Ordering::Acquire) & CLOSED != 0
    }

    /// How many calls are inside.
    pub(crate) fn inside(&self) -> usize {
        self.word.load(Ordering::Acquire) & !CLOSED
    }

    /// Waits until nothing is inside, for `limit` at most. Only a closed gate stays idle.
    pub(crate) fn wait_idle(&self, limit: Duration) -> Idle {
        let started = Instant::now();
        let mut guard = lock(&self.waiting);
        loop {
            let inside = self.inside();
            if inside == 0 {
                return Idle::Reached;
            }
            let left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Idle::Busy(inside);
            }
            guard = match self.idle.wait_timeout(guard, left) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    fn count_in(&self) -> bool {
        let mut word = self.word.load(Ordering::Relaxed);
        while word & CLOSED == 0 {
            match self.word.compare_exchange_weak(
                word,
                word + 1,
                Ordering::AcqRel,
                Ordering::Relaxed,
            ) {
                Ok(_) => return true,
                Err(seen) => word = seen,
            }
        }
        false
    }

    fn leave(&self) {
        // The lock makes a waiter either see the new count or already sleep.
        if self.word.fetch_sub(1, Ordering::AcqRel) == CLOSED + 1 {
            drop(lock(&self.waiting));
            self.idle.notify_all();
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// A [`Pass`] that keeps the gate's owner alive.
#[derive(Debug)]
pub(crate) struct OwnedPass<T: AsRef<Gate>>(Arc<T>);

impl<T: AsRef<Gate>> OwnedPass<T> {
    pub(crate) fn owner(&self) -> &T {
        &self.0
    }
}

impl<T: AsRef<Gate>> Drop for OwnedPass<T> {
    fn drop(&mut self) {
        (*self.0).as_ref().leave();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_closed_gate_lets_nothing_in() {
        let gate = Gate::new();
        assert!(gate.close());
        assert!(!gate.close(), "the second close finds it closed");
        assert!(gate.enter().is_none());
        assert_eq!(gate.wait_idle(Duration::ZERO), Idle::Reached);
    }

    #[test]
    fn waiting_ends_with_the_last_call() {
        let gate = Arc::new(Gate::new());
        let pass = gate.enter().expect("open");
        gate.close();
        assert_eq!(gate.wait_idle(Duration::ZERO), Idle::Busy(1));
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| gate.wait_idle(Duration::from_secs(60)));
            drop(pass);
            assert_eq!(waiter.join().expect("no panic"), Idle::Reached);
        });
    }
}

/// Every interleaving of a call with a drain:
///
/// ```text
/// caller:  enter? -> use the value -> leave
/// drainer: close -> wait for zero -> free the value
/// ```
#[cfg(all(test, loom))]
mod model {
    use loom::{
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    use super::*;

    #[test]
    fn nothing_is_used_after_the_drain() {
        loom::model(|| {
            let shared = Arc::new((Gate::new(), AtomicBool::new(true)));
            let callers: Vec<_> = (0..2)
                .map(|_| {
                    let shared = Arc::clone(&shared);
                    thread::spawn(move || {
                        if let Some(_pass) = shared.0.enter() {
                            assert!(shared.1.load(Ordering::Relaxed), "used after it was freed");
                        }
                    })
                })
                .collect();
            shared.0.close();
            while shared.0.inside() > 0 {
                thread::yield_now();
            }
            shared.1.store(false, Ordering::Relaxed);
            for caller in callers {
                caller.join().expect("a caller");
            }
        });
    }

    /// The check as a step of its own: the model must find the use after the drain.
    #[test]
    #[should_panic(expected = "used after it was freed")]
    fn a_separate_check_is_refuted() {
        loom::model(|| {
            let shared = Arc::new((AtomicBool::new(true), AtomicBool::new(true)));
            let caller = {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    if shared.0.load(Ordering::Acquire) {
                        assert!(shared.1.load(Ordering::Relaxed), "used after it was freed");
                    }
                })
            };
            shared.0.store(false, Ordering::Release);
            shared.1.store(false, Ordering::Relaxed);
            caller.join().expect("a caller");
        });
    }

    #[test]
    fn the_last_leaver_wakes_the_waiter() {
        loom::model(|| {
            let gate = Arc::new(Gate::new());
            let caller = {
                let gate = Arc::clone(&gate);
                thread::spawn(move || drop(gate.enter()))
            };
            gate.close();
            let guard = lock(&gate.waiting);
            if gate.inside() > 0 {
                drop(gate.idle.wait(guard).expect("not poisoned"));
            } else {
                drop(guard);
            }
            assert_eq!(gate.inside(), 0);
            caller.join().expect("a caller");
        });
    }
}

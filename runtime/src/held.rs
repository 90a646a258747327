//! What is kept under a lock, also in a child of a fork.
//!
//! A lock that another thread holds while the process is forked stays held in the child, for that
//! thread is not there. The child then goes on with a lock of its own.

use std::{
    sync::{OnceLock, PoisonError, TryLockError},
    thread,
    time::{Duration, Instant},
};

use crate::sync::{Mutex, MutexGuard};

/// How long a child tries before it takes the holder for lost. Whoever holds such a lock does so for
/// no longer than some microseconds.
const PATIENCE: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub(crate) struct Held<T> {
    value: Mutex<T>,
    /// The process that it was made in.
    process: u32,
    /// What a child has instead.
    successor: OnceLock<Box<Held<T>>>,
}

impl<T> Held<T> {
    pub(crate) fn new(value: T) -> Self {
        Held {
            value: Mutex::new(value),
            process: std::process::id(),
            successor: OnceLock::new(),
        }
    }

    /// The value. Where its lock was lost in a fork, `anew` makes another one, once.
    pub(crate) fn lock(&self, anew: &dyn Fn() -> T) -> MutexGuard<'_, T> {
        if let Some(successor) = self.successor.get() {
            return successor.lock(anew);
        }
        match self.try_lock() {
            Some(value) => value,
            None => self.wait(anew, PATIENCE),
        }
    }

    #[cold]
    fn wait(&self, anew: &dyn Fn() -> T, patience: Duration) -> MutexGuard<'_, T> {
        if !self.is_inherited() {
            return self.value.lock().unwrap_or_else(PoisonError::into_inner);
        }
        let began = Instant::now();
        while began.elapsed() < patience {
            if let Some(value) = self.try_lock() {
                return value;
            }
            thread::yield_now();
        }
        let successor = || Box::new(Held::new(anew()));
        self.successor.get_or_init(successor).lock(anew)
    }

    /// Whether this is a child of the process that made it.
    pub(crate) fn is_inherited(&self) -> bool {
        std::process::id() != self.process
    }

    fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.value.try_lock() {
            Ok(value) => Some(value),
            Err(TryLockError::Poisoned(value)) => Some(value.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// What is in a child of a fork while its parent held the lock.
    fn lost() -> Held<u32> {
        let mut held = Held::new(1);
        std::mem::forget(held.lock(&|| 0));
        held.process += 1;
        held
    }

    #[test]
    fn a_lock_that_was_lost_in_a_fork_is_replaced_once() {
        let held = lost();
        *held.lock(&|| 10) += 1;
        assert_eq!(*held.lock(&|| 20), 11);
    }

    /// A thread of the child itself gives it back.
    #[test]
    fn a_lock_that_is_held_in_the_child_is_no_lost_one() {
        let mut held = Held::new(1);
        held.process += 1;
        let mut first = held.lock(&|| 0);
        let (sender, begins) = std::sync::mpsc::channel();
        thread::scope(|scope| {
            let second = scope.spawn(|| {
                let _ = sender.send(());
                *held.wait(&|| 0, Duration::from_secs(20))
            });
            assert_eq!(begins.recv(), Ok(()));
            // It shall find the lock held, as it mostly does then.
            (0..1_000).for_each(|_| thread::yield_now());
            *first += 1;
            drop(first);
            assert_eq!(second.join().ok(), Some(2));
        });
        assert!(held.successor.get().is_none());
    }

    #[test]
    fn a_child_of_a_child_goes_on_as_well() {
        let mut held = lost();
        std::mem::forget(held.lock(&|| 10));
        if let Some(successor) = held.successor.get_mut() {
            successor.process += 1;
        }
        assert_eq!(*held.lock(&|| 20), 20);
    }

    #[test]
    fn a_holder_that_is_there_is_awaited() {
        let held = Held::new(1);
        let mut first = held.lock(&|| 0);
        thread::scope(|scope| {
            let second = scope.spawn(|| *held.lock(&|| 0));
            *first += 1;
            drop(first);
            assert_eq!(second.join().ok(), Some(2));
        });
        assert!(held.successor.get().is_none());
    }
}

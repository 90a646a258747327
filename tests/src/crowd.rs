//! Threads that all begin at the same moment, and are waited for with a deadline.

use std::{
    panic::resume_unwind,
    sync::{Arc, Barrier},
    thread::{self, JoinHandle},
};

use crate::{PATIENCE, wait_until};

/// Threads that do the same, each with its number.
#[derive(Debug)]
#[must_use = "a crowd that is not joined hides its panics"]
pub struct Crowd<R>(Vec<JoinHandle<R>>);

/// Runs `member` on so many threads, which are numbered from 0.
pub fn crowd<R: Send + 'static>(
    size: usize,
    member: impl Fn(usize) -> R + Send + Sync + 'static,
) -> Crowd<R> {
    let (member, begin) = (Arc::new(member), Arc::new(Barrier::new(size)));
    let threads = (0..size).map(|number| {
        let (member, begin) = (Arc::clone(&member), Arc::clone(&begin));
        thread::spawn(move || {
            begin.wait();
            member(number)
        })
    });
    Crowd(threads.collect())
}

impl<R> Crowd<R> {
    /// What each thread returned, in the order of their numbers.
    ///
    /// # Panics
    ///
    /// If one of them panicked, with what it did; or if one still runs after [`PATIENCE`].
    #[track_caller]
    pub fn join(self) -> Vec<R> {
        let Crowd(threads) = self;
        let join = |(number, thread): (usize, JoinHandle<R>)| {
            wait_until(&format!("thread {number} ends"), PATIENCE, || {
                thread.is_finished()
            });
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        threads.into_iter().enumerate().map(join).collect()
    }
}

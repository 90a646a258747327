//! The gate that makes "is it there?" and "use it" one step.
//!
//! A call goes in by a [mark](crate::hazard) of its thread, or, where it is not bound to a thread,
//! by a count; in both cases it looks afterwards whether the gate is closed. So after [`Gate::close`]
//! those that are inside can only become fewer, and whoever saw none may free what they borrowed.

#[cfg(all(test, not(loom)))]
mod stress;
#[cfg(all(test, not(loom)))]
mod tests;

use std::{
    mem::ManuallyDrop,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    hazard::{self, Here, Mark, Marked, Marker, Mutation, is_broken},
    sync::{AtomicUsize, Condvar, Mutex, Ordering, is_failed_model, lock},
};

const CLOSED: usize = 1 << (usize::BITS - 1);

/// How soon those who wait look again by themselves where a leaving call may miss them.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Lets calls in until it is closed, and tells when the last one has left.
#[derive(Debug)]
pub(crate) struct Gate {
    /// The closed bit and the number of counted calls.
    word: AtomicUsize,
    waiting: Mutex<()>,
    idle: Condvar,
    /// Marks of it are left without a look at who waits.
    silent: bool,
}

/// A call of this thread that is inside; leaves when dropped.
#[derive(Debug)]
pub(crate) struct Visit<'a> {
    gate: &'a Gate,
    /// Cleared by the drop, which looks at the gate afterwards.
    mark: ManuallyDrop<Mark>,
}

/// A call that may go from thread to thread; leaves when dropped.
#[derive(Debug)]
pub(crate) struct Pass<'a>(&'a Gate);

/// How a call of this thread got in.
#[derive(Debug)]
#[allow(dead_code, reason = "held for their drop")]
pub(crate) enum Presence<'a> {
    Marked(Visit<'a>),
    Counted(Pass<'a>),
}

/// What a wait for the last call ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idle {
    /// Nothing is inside.
    Reached,
    /// The deadline passed; this many calls are still inside.
    Busy(usize),
}

impl Idle {
    /// What was found of two gates.
    pub(crate) fn and(self, other: Idle) -> Idle {
        match (self, other) {
            (Idle::Reached, found) | (found, Idle::Reached) => found,
            (Idle::Busy(one), Idle::Busy(another)) => Idle::Busy(one + another),
        }
    }
}

impl Gate {
    pub(crate) fn new() -> Self {
        Gate {
            word: AtomicUsize::new(0),
            waiting: Mutex::new(()),
            idle: Condvar::new(),
            silent: false,
        }
    }

    /// A gate whose owner may be gone as soon as a mark of it is: whoever leaves by a mark does
    /// not look at it again, so that those who wait look by themselves.
    pub(crate) fn left_silently() -> Self {
        Gate {
            silent: true,
            ..Gate::new()
        }
    }

    /// Goes in for as long as this thread stays in the caller, unless the gate is closed.
    pub(crate) fn enter(&self, here: Option<Here>) -> Option<Presence<'_>> {
        match here.and_then(|here| self.visit(here)) {
            Some(visit) => (!self.is_closed()).then_some(Presence::Marked(visit)),
            None => self.pass().map(Presence::Counted),
        }
    }

    /// Marks the gate as being used, whether it is closed or not; `None` where no mark is left.
    #[inline]
    pub(crate) fn visit(&self, here: impl Marker) -> Option<Visit<'_>> {
        let mark = here.mark_gate(self.address())?;
        Some(Visit {
            gate: self,
            mark: ManuallyDrop::new(mark),
        })
    }

    /// Goes in for as long as the pass is held, on whatever thread, unless the gate is closed.
    pub(crate) fn pass(&self) -> Option<Pass<'_>> {
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
        let was_open = self.close_unfenced();
        hazard::heavy();
        was_open
    }

    /// The same for whoever closes or replaces more, and makes one fence for all of it before
    /// the look at who is inside.
    pub(crate) fn close_unfenced(&self) -> bool {
        self.word.fetch_or(CLOSED, Ordering::SeqCst) & CLOSED == 0
    }

    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        self.word.load(Ordering::Acquire) & CLOSED != 0
    }

    /// How many calls are inside. Of a closed gate, none stays none; more may include those who are
    /// about to find it closed.
    pub(crate) fn inside(&self) -> usize {
        let counted = self.word.load(Ordering::Acquire) & !CLOSED;
        counted + hazard::marks_of(self.address())
    }

    /// The same, by marks that were read before.
    pub(crate) fn inside_of(&self, marked: &Marked) -> usize {
        let counted = self.word.load(Ordering::Acquire) & !CLOSED;
        counted + marked.count(self.address())
    }

    /// The threads that are inside by a mark.
    pub(crate) fn threads_inside(&self) -> Vec<hazard::Owner> {
        hazard::holders(self.address())
    }

    /// Whether this thread runs the code of a call that is inside by a mark.
    pub(crate) fn runs_on(&self, here: Here) -> bool {
        here.runs(self.address())
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
            let mut left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Idle::Busy(inside);
            }
            if self.silent || !hazard::is_asymmetric() {
                left = left.min(LOOK_AGAIN);
            }
            guard = match self.idle.wait_timeout(guard, left) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
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

    fn count_out(&self) {
        if is_failed_model() {
            return;
        }
        if self.word.fetch_sub(1, Ordering::AcqRel) & CLOSED != 0 {
            self.wake();
        }
    }

    /// The lock makes a waiter either see what has changed or already sleep.
    #[cold]
    fn wake(&self) {
        if is_broken(Mutation::NoWake) {
            return;
        }
        if !is_broken(Mutation::WakeWithoutLock) {
            drop(lock(&self.waiting));
        }
        self.idle.notify_all();
    }
}

impl Visit<'_> {
    /// The code of the call has ended: what is left is to tell how.
    pub(crate) fn tell(&self) {
        self.mark.tell();
    }
}

impl Presence<'_> {
    /// As [`Visit::tell`].
    pub(crate) fn tell(&self) {
        if let Presence::Marked(visit) = self {
            visit.tell();
        }
    }
}

impl Drop for Visit<'_> {
    #[inline]
    fn drop(&mut self) {
        if is_failed_model() {
            return;
        }
        self.mark.clear();
        hazard::leave();
        if self.gate.is_closed() {
            self.gate.wake();
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.count_out();
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
        (*self.0).as_ref().count_out();
    }
}

//! The slots: one for each thread that emits, never freed, taken over by the next thread when its
//! own ends.

use std::{
    fmt,
    marker::PhantomData,
    sync::{
        OnceLock,
        atomic::Ordering::{Acquire, Relaxed, Release},
    },
    thread::{Thread, ThreadId},
};

use super::{Mutation, barrier, counts::Counts, is_broken};
use crate::sync::{AtomicBool, AtomicUsize, Mutex, is_failed_model, lock};

/// How many things one thread can use at a time: sixteen emissions inside one another, each with
/// its list of handlers and one handler. Whoever needs more goes a slower way.
const MARKS: usize = if cfg!(loom) { 6 } else { 32 };

/// The marks of the outermost call: its list of handlers, or function, and its gate.
const RESERVED: usize = 2;

/// These and the first mark that is used for anything else, such as the resource of a call.
const USUAL: usize = RESERVED + 1;

/// A mark that marks nothing.
const FREE: usize = 0;

/// Of a call whose code has ended, and that has not been told yet. Addresses are even.
const TELLING: usize = 1;

/// What one thread uses and counts. Only its owner writes; everybody may read.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Slot {
    marks: [AtomicUsize; MARKS],
    /// Whether the owner has used another mark than the usual ones. It says so before it marks
    /// anything there, so whoever looks for a mark after a fence need not look at all of them.
    unusual: AtomicBool,
    asymmetric: bool,
    taken: AtomicBool,
    owner: Mutex<Option<Owner>>,
    pub(super) counts: Counts,
    #[cfg_attr(loom, allow(dead_code, reason = "a model has a fixed number of slots"))]
    next: OnceLock<&'static Slot>,
}

/// Whose slot it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) thread: ThreadId,
    pub(crate) name: Option<String>,
}

/// Says that this thread uses a thing, until it is dropped.
#[derive(Debug)]
pub(crate) struct Mark {
    word: &'static AtomicUsize,
    /// The word belongs to this thread's slot.
    _thread: PhantomData<*const ()>,
}

impl Slot {
    pub(super) fn new() -> Self {
        Slot {
            marks: std::array::from_fn(|_| AtomicUsize::new(FREE)),
            unusual: AtomicBool::new(false),
            asymmetric: barrier::is_asymmetric(),
            taken: AtomicBool::new(false),
            owner: Mutex::new(None),
            counts: Counts::new(),
            next: OnceLock::new(),
        }
    }

    /// This mark, if it is free.
    #[inline]
    pub(super) fn mark(&'static self, index: usize) -> Option<Mark> {
        Mark::at(&self.marks[index])
    }

    /// A mark that is free; `None` where this thread uses too many things already.
    #[inline]
    pub(super) fn free_mark(&'static self) -> Option<Mark> {
        self.mark(RESERVED).or_else(|| self.unusual_mark())
    }

    #[cold]
    fn unusual_mark(&'static self) -> Option<Mark> {
        if !is_broken(Mutation::UnsaidMark) {
            self.unusual.store(true, Relaxed);
        }
        self.marks[USUAL..].iter().find_map(Mark::at)
    }

    #[inline]
    pub(super) fn is_asymmetric(&self) -> bool {
        self.asymmetric
    }

    /// Whether the owner uses anything at all.
    pub(super) fn is_in_use(&self) -> bool {
        self.marks.iter().any(|word| word.load(Relaxed) != FREE)
    }

    /// The marks that may mark anything.
    fn marks(&self) -> &[AtomicUsize] {
        if self.unusual.load(Acquire) {
            &self.marks
        } else {
            &self.marks[..USUAL]
        }
    }

    fn marks_in_use(&self) -> impl Iterator<Item = usize> {
        let words = self.marks().iter().map(|word| word.load(Acquire));
        words.filter(|word| *word != FREE)
    }

    /// How many marks of this slot mark the thing at `address`.
    pub(super) fn marks_of(&self, address: usize) -> usize {
        self.marks()
            .iter()
            .filter(|word| word.load(Acquire) & !TELLING == address)
            .count()
    }

    /// Whether the code of a call at `address` is running.
    pub(super) fn runs(&self, address: usize) -> bool {
        self.marks.iter().any(|word| word.load(Relaxed) == address)
    }

    fn try_take(&self) -> bool {
        !self.taken.swap(true, Acquire) || is_broken(Mutation::TwoOwners)
    }

    /// Leaves the slot, with its counts, to the next thread.
    pub(super) fn release(&self) {
        // What is marked for ever stays with this slot for ever.
        if self.is_in_use() {
            return;
        }
        *lock(&self.owner) = None;
        self.unusual.store(false, Relaxed);
        self.taken.store(false, Release);
    }
}

impl Mark {
    #[inline]
    fn at(word: &'static AtomicUsize) -> Option<Self> {
        (word.load(Relaxed) == FREE).then(|| Mark {
            word,
            _thread: PhantomData,
        })
    }

    /// Marks the thing at `address`.
    #[inline]
    pub(super) fn set(&self, address: usize, asymmetric: bool) {
        self.word.store(address, Relaxed);
        barrier::light(asymmetric);
    }

    /// Still marks the thing, but the code of the call has ended.
    pub(crate) fn tell(&self) {
        self.word.store(self.word.load(Relaxed) | TELLING, Release);
    }

    /// Marks nothing any more.
    #[inline]
    pub(crate) fn clear(&self) {
        self.word.store(FREE, Release);
    }
}

impl Drop for Mark {
    #[inline]
    fn drop(&mut self) {
        if is_failed_model() {
            return;
        }
        self.clear();
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => f.write_str(name),
            None => write!(f, "{:?}", self.thread),
        }
    }
}

/// A slot for this thread.
pub(super) fn take() -> &'static Slot {
    let slot = all::find(Slot::try_take);
    *lock(&slot.owner) = owner();
    slot
}

/// This thread, if it is not too far gone to be asked.
pub(crate) fn current_thread() -> Option<Thread> {
    std::panic::catch_unwind(std::thread::current).ok()
}

/// Its number.
pub(crate) fn current_thread_id() -> Option<ThreadId> {
    current_thread().map(|thread| thread.id())
}

fn owner() -> Option<Owner> {
    current_thread().map(Owner::from)
}

impl From<Thread> for Owner {
    fn from(thread: Thread) -> Self {
        Owner {
            thread: thread.id(),
            name: thread.name().map(str::to_owned),
        }
    }
}

/// How many calls mark the thing at `address`. Of use only after a [heavy](barrier::heavy) fence.
pub(crate) fn marks_of(address: usize) -> usize {
    all::iter().map(|slot| slot.marks_of(address)).sum()
}

/// The threads that mark the thing at `address`.
pub(crate) fn holders(address: usize) -> Vec<Owner> {
    all::iter()
        .filter(|slot| slot.marks_of(address) > 0)
        .filter_map(|slot| lock(&slot.owner).clone())
        .collect()
}

/// What was marked when somebody looked, which is of use only after a [heavy](barrier::heavy) fence.
#[derive(Debug)]
pub(crate) struct Marked(Vec<usize>);

impl Marked {
    pub(crate) fn now() -> Self {
        let marks = all::iter().flat_map(Slot::marks_in_use);
        Marked(marks.map(|word| word & !TELLING).collect())
    }

    /// How many calls marked the thing at `address`.
    pub(crate) fn count(&self, address: usize) -> usize {
        self.0.iter().filter(|marked| **marked == address).count()
    }
}

/// What is marked after all that was closed or replaced before.
pub(crate) fn look() -> Marked {
    barrier::heavy();
    Marked::now()
}

pub(super) use self::all::iter;

#[cfg(not(loom))]
mod all {
    use super::{OnceLock, Slot};

    static FIRST: OnceLock<&'static Slot> = OnceLock::new();

    pub(in crate::hazard) fn iter() -> impl Iterator<Item = &'static Slot> {
        std::iter::successors(FIRST.get().copied(), |slot| slot.next.get().copied())
    }

    /// The first slot that can be taken, which may be a new one.
    pub(super) fn find(take: impl Fn(&Slot) -> bool) -> &'static Slot {
        let mut place = &FIRST;
        loop {
            let slot = *place.get_or_init(|| Box::leak(Box::new(Slot::new())));
            if take(slot) {
                return slot;
            }
            place = &slot.next;
        }
    }
}

#[cfg(loom)]
mod all {
    use super::Slot;

    loom::lazy_static! {
        static ref SLOTS: [&'static Slot; 3] =
            std::array::from_fn(|_| &*Box::leak(Box::new(Slot::new())));
    }

    pub(in crate::hazard) fn iter() -> impl Iterator<Item = &'static Slot> {
        SLOTS.iter().copied()
    }

    pub(super) fn find(take: impl Fn(&Slot) -> bool) -> &'static Slot {
        iter()
            .find(|slot| take(slot))
            .expect("a model has three threads")
    }
}

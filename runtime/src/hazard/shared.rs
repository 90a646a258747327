//! A value that is read under a mark and replaced at any time: the one place with unsafe code.
//!
//! Reading it costs two loads and a store to the thread's own slot. A crate for this was measured
//! at three to five times the cost of what it would guard, or panics in thread-locals' destructors.

#![allow(
    unsafe_code,
    reason = "a counted reference would cost more than the call it guards"
)]

use std::{
    any::Any,
    fmt,
    marker::PhantomData,
    ops::Deref,
    ptr,
    sync::{
        Arc,
        atomic::Ordering::{AcqRel, Acquire, Relaxed},
    },
};

use super::{
    Mutation,
    barrier::heavy,
    is_broken,
    local::Marker,
    slot::{Mark, Marked},
};
use crate::sync::{AtomicPtr, Mutex, MutexGuard, is_failed_model, lock};

type Value = Arc<dyn Any + Send + Sync>;

/// A shared value, or none. The pointer is null or owns one reference of an `Arc`.
pub(crate) struct Shared<T> {
    pointer: AtomicPtr<T>,
    _owns: PhantomData<Arc<T>>,
}

/// A shared value that stays until this is dropped.
#[derive(Debug)]
pub(crate) struct Guard<'a, T> {
    /// Of an `Arc` whose value the mark keeps.
    pointer: *const T,
    _mark: Mark,
    _shared: PhantomData<&'a Shared<T>>,
}

/// What was replaced and may still be read.
#[cfg(not(loom))]
static RETIRED: Mutex<Vec<Value>> = Mutex::new(Vec::new());

#[cfg(loom)]
loom::lazy_static! {
    static ref RETIRED: Mutex<Vec<Value>> = Mutex::new(Vec::new());
}

impl<T> Shared<T> {
    pub(crate) const fn empty() -> Self {
        Shared {
            pointer: AtomicPtr::new(ptr::null_mut()),
            _owns: PhantomData,
        }
    }
}

impl<T> Shared<T> {
    /// The value of this moment; `None` where there is none, or this thread has no mark left.
    #[inline]
    pub(crate) fn read(&self, here: impl Marker) -> Option<Guard<'_, T>> {
        let pointer = self.pointer.load(Relaxed);
        if pointer.is_null() {
            return None;
        }
        let mark = here.mark_found(pointer.addr())?;
        let current = if is_broken(Mutation::NoSecondLook) {
            pointer
        } else {
            self.pointer.load(Acquire)
        };
        if current == pointer {
            // The same address may be of a newer value, whose pointer is the second.
            return Some(Guard::new(current, mark));
        }
        self.read_again(here, mark, current)
    }

    #[cold]
    fn read_again(
        &self,
        here: impl Marker,
        mark: Mark,
        mut pointer: *mut T,
    ) -> Option<Guard<'_, T>> {
        while !pointer.is_null() {
            here.move_to(&mark, pointer.addr());
            let current = self.pointer.load(Acquire);
            if current == pointer {
                return Some(Guard::new(current, mark));
            }
            pointer = current;
        }
        // What was marked in passing may have been meant to be freed meanwhile.
        drop(mark);
        sweep();
        None
    }

    /// The address of the value of this moment, to compare; 0 where there is none.
    #[inline]
    pub(crate) fn address(&self) -> usize {
        self.pointer.load(Acquire).addr()
    }
}

impl<T: Send + Sync + 'static> Shared<T> {
    /// The value of this moment, owned: for whoever has no mark, or needs it for longer.
    pub(crate) fn get(&self) -> Option<Arc<T>> {
        // Where there is none, nobody is waited for.
        if self.address() == 0 {
            return None;
        }
        self.owned(&lock(&RETIRED))
    }

    /// The same, or `None` where somebody is just freeing values, or was when the process was
    /// forked.
    pub(crate) fn try_get(&self) -> Option<Arc<T>> {
        self.owned(&RETIRED.try_lock().ok()?)
    }

    /// While the lock is held nothing is swept.
    fn owned(&self, _retired: &MutexGuard<'_, Vec<Value>>) -> Option<Arc<T>> {
        let pointer = self.pointer.load(Acquire);
        if pointer.is_null() {
            return None;
        }
        // SAFETY: not null, so it came from `Arc::into_raw` and owned a reference when it was
        // loaded. Should it be replaced now, that reference goes to `RETIRED`, for which the
        // lock is needed; so it is still there when another one is added.
        Some(unsafe {
            Arc::increment_strong_count(pointer);
            Arc::from_raw(pointer)
        })
    }

    /// Puts another value in the place of this one, which is freed by a [`sweep`].
    pub(crate) fn replace(&self, value: Option<Arc<T>>) {
        let pointer = value.map_or(ptr::null(), Arc::into_raw).cast_mut();
        let replaced = self.pointer.swap(pointer, AcqRel);
        if replaced.is_null() {
            return;
        }
        // SAFETY: not null, so it came from `Arc::into_raw`, and the swap made this the only
        // place that takes its reference.
        let replaced: Value = unsafe { Arc::from_raw(replaced) };
        lock(&RETIRED).push(replaced);
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        if is_failed_model() {
            return;
        }
        let pointer = self.pointer.swap(ptr::null_mut(), AcqRel);
        if !pointer.is_null() {
            // SAFETY: not null, so it owns a reference of an `Arc`. Guards borrow this value,
            // so there is none.
            drop(unsafe { Arc::from_raw(pointer) });
        }
    }
}

/// Frees what was replaced and is not read any more. That may run user code: no lock is held
/// then, and none may be by the caller.
pub(crate) fn sweep() {
    let retired = lock(&RETIRED);
    if !retired.is_empty() {
        heavy();
        free_unread(retired, &Marked::now());
    }
}

/// A [`sweep`] whose fence and marks also serve whoever has closed a gate before.
pub(crate) fn settle() -> Marked {
    let retired = lock(&RETIRED);
    heavy();
    let marked = Marked::now();
    free_unread(retired, &marked);
    marked
}

/// What is in `retired` was replaced before a fence, and that came before the look at the marks.
fn free_unread(mut retired: MutexGuard<'_, Vec<Value>>, marked: &Marked) {
    let is_read = |value: &mut Value| {
        marked.count(Arc::as_ptr(value).addr()) > 0 && !is_broken(Mutation::NoLookAtMarks)
    };
    let unread: Vec<Value> = retired.extract_if(.., |value| !is_read(value)).collect();
    drop(retired);
    drop(unread);
}

impl<T> Guard<'_, T> {
    #[inline]
    fn new(pointer: *const T, mark: Mark) -> Self {
        Guard {
            pointer,
            _mark: mark,
            _shared: PhantomData,
        }
    }

    /// The value, for longer than the mark.
    pub(crate) fn to_arc(&self) -> Arc<T> {
        // SAFETY: as for `deref`; and the pointer came from `Arc::into_raw`.
        unsafe {
            Arc::increment_strong_count(self.pointer);
            Arc::from_raw(self.pointer)
        }
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the pointer is not null, so it owned a reference of an `Arc`, which `replace`
        // gives to `RETIRED` and to nobody else. The mark was written before the pointer was
        // seen to be current, with a fence in between; `sweep` drops what is in `RETIRED` only
        // if, after the pointer was replaced and a fence that meets this one, no mark is on it.
        // So the value lives as long as the mark does, which is as long as this guard.
        unsafe { &*self.pointer }
    }
}

impl<T> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn whoever_cannot_wait_does_not_wait() {
        let shared = Shared::empty();
        shared.replace(Some(Arc::new(1)));
        let freeing = lock(&RETIRED);
        assert_eq!(shared.try_get(), None);
        drop(freeing);
        // Another test may be freeing now.
        let in_time = std::iter::repeat_with(|| shared.try_get()).take(1_000_000);
        assert_eq!(in_time.flatten().next(), Some(Arc::new(1)));
    }
}

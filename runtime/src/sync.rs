//! The atomics and locks of the parts that a model checker explores.

#[cfg(not(loom))]
pub(crate) use std::sync::{
    Condvar, Mutex, MutexGuard, OnceLock,
    atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence},
};

#[cfg(loom)]
pub(crate) use loom::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence},
};

#[cfg(loom)]
pub(crate) use self::model::{AtomicPtr, OnceLock};

/// Locks, and goes on with what a panicking holder left: nothing of ours panics while it holds
/// a lock, and no user code runs under one.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Whether a model has failed: then its checker is gone, and its atomics cannot be touched by the
/// destructors that the panic runs.
#[inline]
pub(crate) fn is_failed_model() -> bool {
    cfg!(loom) && std::thread::panicking()
}

#[cfg(loom)]
mod model {
    use std::sync::atomic::Ordering;

    use super::{Mutex, lock};

    /// A value that is set once. Its lock is for the model checker, which sees no other order; of an
    /// atomic it would remember the last access only, and take that of the thread that sets it.
    #[derive(Debug)]
    pub(crate) struct OnceLock<T> {
        value: std::sync::OnceLock<T>,
        order: Mutex<()>,
    }

    impl<T> OnceLock<T> {
        pub(crate) fn new() -> Self {
            OnceLock {
                value: std::sync::OnceLock::new(),
                order: Mutex::new(()),
            }
        }

        pub(crate) fn get(&self) -> Option<&T> {
            let _ordered = lock(&self.order);
            self.value.get()
        }

        pub(crate) fn set(&self, value: T) -> Result<(), T> {
            let _ordered = lock(&self.order);
            self.value.set(value)
        }
    }

    /// The model checker's pointer, made where it is first used, so that statics can be made of it.
    #[derive(Debug)]
    pub(crate) struct AtomicPtr<T>(std::sync::OnceLock<loom::sync::atomic::AtomicPtr<T>>);

    impl<T> AtomicPtr<T> {
        /// Of a null pointer, which is what all of ours begin with.
        pub(crate) const fn new(_null: *mut T) -> Self {
            AtomicPtr(std::sync::OnceLock::new())
        }

        pub(crate) fn load(&self, order: Ordering) -> *mut T {
            self.inner().load(order)
        }

        pub(crate) fn swap(&self, pointer: *mut T, order: Ordering) -> *mut T {
            self.inner().swap(pointer, order)
        }

        fn inner(&self) -> &loom::sync::atomic::AtomicPtr<T> {
            self.0
                .get_or_init(|| loom::sync::atomic::AtomicPtr::new(std::ptr::null_mut()))
        }
    }
}

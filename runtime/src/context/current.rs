//! The context that a thread is in.

use std::{cell::RefCell, marker::PhantomData, mem::ManuallyDrop};

use super::Context;

thread_local! {
    /// Without a destructor, so that it works in the destructors of all others. It leaks nothing:
    /// whoever enters a context leaves it.
    static CURRENT: ManuallyDrop<RefCell<Context>> =
        const { ManuallyDrop::new(RefCell::new(Context::EMPTY)) };
}

pub(super) fn get() -> Context {
    let current = CURRENT.try_with(|current| Some(current.try_borrow().ok()?.clone()));
    current.ok().flatten().unwrap_or_default()
}

/// Gives back what was there, to be dropped when nothing is borrowed any more.
fn replace(context: Context) -> Option<Context> {
    let replace = |current: &ManuallyDrop<RefCell<Context>>| {
        let mut current = current.try_borrow_mut().ok()?;
        Some(std::mem::replace(&mut *current, context))
    };
    CURRENT.try_with(replace).ok().flatten()
}

/// Keeps this thread in a context until it is dropped. Only ever a local variable of ours, so that
/// those of a thread are left in the reverse order.
pub(super) struct Entered {
    before: Option<Context>,
    stays_on_its_thread: PhantomData<*const ()>,
}

impl Entered {
    pub(super) fn new(context: Context) -> Self {
        Entered {
            before: replace(context),
            stays_on_its_thread: PhantomData,
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some(before) = self.before.take() {
            replace(before);
        }
    }
}

//! Where a failure is provoked.

use std::{cell::RefCell, thread};

/// A place in a thread's life.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// The test's own thread.
    Here,
    /// The destructor of a thread-local, with tokio's thread-locals gone before it.
    Destructor,
}

type Code = Box<dyn FnOnce()>;

/// Code that runs when its thread ends.
pub(super) struct Last(Option<Code>);

impl Drop for Last {
    fn drop(&mut self) {
        if let Some(code) = self.0.take() {
            code();
        }
    }
}

thread_local! {
    static LAST: RefCell<Last> = const { RefCell::new(Last(None)) };
}

/// Accesses the thread-local whose destructor is running.
pub(super) fn access_destroyed<R>(
    access: impl FnOnce(&'static thread::LocalKey<RefCell<Last>>) -> R,
) -> R {
    access(&LAST)
}

impl Place {
    /// Runs code at this place; a failed assertion in it is the test's.
    pub(super) fn run(self, code: impl FnOnce() + Send + 'static) {
        match self {
            Place::Here => code(),
            Place::Destructor => run_in_destructor(code),
        }
    }
}

fn run_in_destructor(code: impl FnOnce() + Send + 'static) {
    let (sender, receiver) = std::sync::mpsc::channel();
    let code = move || {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(code));
        let _ = sender.send(result);
    };
    let thread = thread::spawn(move || {
        LAST.with(|last| last.borrow_mut().0 = Some(Box::new(code)));
        // Registered after ours, and therefore destroyed before it.
        drop(tokio::runtime::Handle::try_current());
    });
    thread.join().expect("the thread itself does nothing");
    let result = receiver.recv().expect("the destructor ran");
    if let Err(payload) = result {
        std::panic::resume_unwind(payload);
    }
}

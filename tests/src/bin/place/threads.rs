//! Places on a thread: its end, its unwinding, its panic hook, its stack, and all threads at once.

use std::{
    cell::RefCell,
    panic::{self, catch_unwind},
    thread,
};

use gambeson::emit;
use gambeson_tests::crowd;

use crate::twin::{Runs, run, start, tell};

thread_local!(static LAST: RefCell<Option<Runs>> = const { RefCell::new(None) });

/// A thread-local that is older than those of the library and of the subscriber is dropped after
/// them.
pub(crate) fn older_thread_local() {
    dies(|| {
        LAST.set(Some(Runs));
        use_everything();
    });
}

pub(crate) fn younger_thread_local() {
    dies(|| {
        use_everything();
        LAST.set(Some(Runs));
    });
}

/// Makes this thread's locals of the library and of the subscriber.
fn use_everything() {
    emit!("place.outer");
    let _span = tracing::info_span!("living").entered();
    tracing::info!("living");
}

/// The threads that come later go on as before.
fn dies(living: fn()) {
    start();
    let died = thread::spawn(living).join();
    assert!(died.is_ok());
    let lived = thread::spawn(run).join();
    assert!(lived.is_ok());
    tell();
}

pub(crate) fn unwinding() {
    start();
    let _ = catch_unwind(|| {
        let _runs = Runs;
        panic!("the host's own");
    });
    tell();
}

/// A hook that is called by ours, for the host's own panics.
pub(crate) fn hook_before() {
    panic::set_hook(Box::new(|_| run()));
    start();
    let _ = catch_unwind(|| panic!("the host's own"));
    tell();
}

/// A hook that calls ours.
pub(crate) fn hook_after() {
    start();
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        run();
        previous(info);
    }));
    let _ = catch_unwind(|| panic!("the host's own"));
    tell();
}

/// 64 threads that all panic at once.
pub(crate) fn crowd_of_64() {
    start();
    crowd(64, |_| run()).join();
    tell();
}

/// A thread with the stack that the documentation asks for.
pub(crate) fn small_stack() {
    start();
    let kibibytes = std::env::var("STACK_KIB").map(|size| size.parse::<usize>());
    let Ok(Ok(kibibytes)) = kibibytes else {
        panic!("STACK_KIB is no number")
    };
    let thread = thread::Builder::new().stack_size(kibibytes * 1024);
    match thread.spawn(run).map(thread::JoinHandle::join) {
        Ok(Ok(())) => tell(),
        Ok(Err(panic)) => panic::resume_unwind(panic),
        Err(error) => panic!("{error}"),
    }
}

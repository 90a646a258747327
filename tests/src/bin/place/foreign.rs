//! The places that only the system's own functions lead to: all the unsafe code of this program.

#![allow(
    unsafe_code,
    reason = "the standard library leads to none of these places"
)]

use std::{io, sync::OnceLock, time::Duration};

use gambeson_tests::PATIENCE;

/// Runs the function when the process exits, after `main` has returned.
pub(crate) fn at_exit(run: extern "C" fn()) {
    // SAFETY: the function may be called at any time, on any thread.
    let registered = unsafe { libc::atexit(run) };
    assert_eq!(registered, 0, "it cannot be registered");
}

static AT_FINI: OnceLock<fn()> = OnceLock::new();

/// Runs the function with the destructors of statics, after all that was registered for the exit.
pub(crate) fn at_fini(run: fn()) {
    let _ = AT_FINI.set(run);
}

extern "C" fn fini() {
    if let Some(run) = AT_FINI.get() {
        run();
    }
}

// SAFETY: the section is a table of functions without arguments.
#[used]
#[unsafe(link_section = ".fini_array")]
static FINI: extern "C" fn() = fini;

/// Sends this process a signal.
pub(crate) fn raise(signal: i32) {
    // SAFETY: it takes no pointer, and what answers the signal is the program's own.
    let sent = unsafe { libc::kill(libc::getpid(), signal) };
    assert_eq!(sent, 0, "{}", io::Error::last_os_error());
}

/// What becomes of a forked child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Child {
    Exited(i32),
    Killed(i32),
    /// It was still running, and is killed.
    Hung,
}

/// Forks, and runs the function in the child, which exits with what it returns. No destructor of
/// a static and no function for the exit runs there.
pub(crate) fn fork(patience: Duration, child: impl FnOnce() -> i32) -> Child {
    // SAFETY: the child uses what other threads may have left in the middle of something, which
    // is what this place is for: whatever it then waits for, it is killed.
    match unsafe { libc::fork() } {
        0 => {
            let code = child();
            // SAFETY: nothing of this process is needed any more.
            unsafe { libc::_exit(code) }
        }
        -1 => panic!("no child: {}", io::Error::last_os_error()),
        id => wait_for(id, patience),
    }
}

fn wait_for(child: i32, patience: Duration) -> Child {
    assert!(patience < PATIENCE);
    let started = std::time::Instant::now();
    let mut status = 0;
    let mut killed = false;
    loop {
        // SAFETY: the child is this thread's own and was not waited for yet; the status is there.
        let ended = unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) };
        if ended == child {
            break;
        }
        if !killed && started.elapsed() > patience {
            killed = true;
            // SAFETY: as above, and so the number is still the child's.
            unsafe { libc::kill(child, libc::SIGKILL) };
        }
        std::thread::park_timeout(Duration::from_micros(200));
    }
    match () {
        () if killed => Child::Hung,
        () if libc::WIFEXITED(status) => Child::Exited(libc::WEXITSTATUS(status)),
        () => Child::Killed(libc::WTERMSIG(status)),
    }
}

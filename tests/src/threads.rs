//! A process that has no room for another thread.

use std::fs;

use rustix::process::{Resource as Limit, Rlimit, getrlimit, setrlimit};

/// Less than the stack of a thread, and enough for all else.
const ROOM: u64 = 1 << 20;

/// Runs code without room for a thread, for a test that is alone in its process.
///
/// # Panics
///
/// If the process cannot be limited.
pub fn without_threads(code: impl FnOnce()) {
    let limit = getrlimit(Limit::As);
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let Some(pages) = pages
        .split(' ')
        .next()
        .and_then(|pages| pages.parse::<u64>().ok())
    else {
        panic!("the process does not know how much memory it has: {pages}")
    };
    let current = Some(pages * 4096 + ROOM);
    let limited = setrlimit(Limit::As, Rlimit { current, ..limit });
    assert!(
        limited.is_ok(),
        "the process cannot be limited: {limited:?}"
    );
    code();
    let restored = setrlimit(Limit::As, limit);
    assert!(restored.is_ok(), "the limit stays: {restored:?}");
}

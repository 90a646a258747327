//! What the types of the standard library, of tokio and our own say of themselves, also those with
//! parameters, of which only the type itself can be asked.

use std::{
    future::pending,
    io,
    sync::{
        Mutex, TryLockError,
        mpsc::{RecvTimeoutError, TryRecvError, TrySendError},
    },
    time::Duration,
};

use gambeson::{
    Classify, DownCause, Resource, Skip,
    SkipReason::{self, *},
};
use tokio::{
    sync::{
        TryAcquireError,
        broadcast::error::RecvError as BroadcastRecvError,
        mpsc::error::{SendError as TokioSendError, TrySendError as TokioTrySendError},
    },
    time::timeout,
};

use super::tokio_failures::runtime;

#[track_caller]
fn check(error: &impl Classify, expected: impl Into<Option<SkipReason>>) {
    assert_eq!(error.classify(), expected.into(), "{error:?}");
}

#[test]
fn of_the_standard_library() {
    let mutex = Mutex::new(0);
    let held = mutex.lock().unwrap();
    check(&mutex.try_lock().unwrap_err(), Overloaded);
    drop(held);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _held = mutex.lock();
        panic!("while it is held");
    }));
    assert!(panicked.is_err());
    let poisoned = mutex.try_lock().unwrap_err();
    assert!(matches!(poisoned, TryLockError::Poisoned(_)));
    check(&poisoned, StateCorrupted);
    // It holds the lock.
    drop(poisoned);
    check(&mutex.lock().unwrap_err(), StateCorrupted);
    check(&TrySendError::Full(1), Overloaded);
    check(&TrySendError::Disconnected(1), PeerDead);
    check(&std::sync::mpsc::SendError(1), PeerDead);
    check(&RecvTimeoutError::Timeout, TimedOut);
    check(&RecvTimeoutError::Disconnected, PeerDead);
    check(&TryRecvError::Empty, Unavailable);
    check(&TryRecvError::Disconnected, PeerDead);
}

#[test]
fn of_the_system() {
    check(&io::Error::from(io::ErrorKind::NotFound), StateUnavailable);
    check(&io::Error::from(io::ErrorKind::TimedOut), TimedOut);
    check(&io::Error::other("of no kind"), None);
    // A number says something only where it is that of too many open files.
    #[cfg(unix)]
    for (number, reason) in [
        (13, None),
        (22, Some(ContractViolation)),
        (23, Some(ResourceExhausted)),
        (24, Some(ResourceExhausted)),
        (25, None),
    ] {
        check(&io::Error::from_raw_os_error(number), reason);
    }
}

#[test]
fn of_our_own() {
    static GONE: Resource<u32> = Resource::new("typed_gone");
    let provided = GONE.provide(1);
    GONE.crash(DownCause::new(ResourceExhausted, "full"));
    let unavailable = GONE.lease().unwrap_err();
    check(&unavailable, ResourceExhausted);
    check(&Skip::from(TimedOut), TimedOut);
    drop(provided);
}

#[test]
fn of_tokio() {
    check(&TryAcquireError::NoPermits, Overloaded);
    check(&TryAcquireError::Closed, PeerDead);
    check(&BroadcastRecvError::Lagged(3), Overloaded);
    check(&BroadcastRecvError::Closed, PeerDead);
    check(&TokioSendError(1), PeerDead);
    check(&TokioTrySendError::Full(1), Overloaded);
    check(&TokioTrySendError::Closed(1), PeerDead);
    let runtime = runtime();
    let late = runtime.block_on(async { timeout(Duration::ZERO, pending::<()>()).await });
    check(&late.unwrap_err(), TimedOut);
}

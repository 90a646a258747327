//! Panics of tokio, and on its errors.

use std::{future::pending, time::Duration};

use gambeson::SkipReason::{ContractViolation, Overloaded, PeerDead, ShuttingDown, TimedOut};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::{Semaphore, broadcast, mpsc, oneshot, watch},
    task::JoinError,
    time,
};

use super::{
    Panic,
    errors::{self, Typed},
    panic,
    places::Place,
};

/// Every case of this file.
pub(super) fn cases() -> impl Iterator<Item = &'static Panic> {
    CASES.iter()
}

const CASES: &[Panic] = &[
    panic("Elapsed(())", TimedOut, || elapsed().unwrap()),
    panic("JoinError::Cancelled", ShuttingDown, || {
        join(cancelled()).unwrap();
    }),
    panic("JoinError::Panic", PeerDead, || join(panicked()).unwrap()),
    panic("there is no reactor running", ShuttingDown, || {
        drop(tokio::spawn(async {}));
    }),
    panic(
        "must be called from the context of a Tokio",
        ShuttingDown,
        || {
            drop(time::sleep(Duration::ZERO));
        },
    ),
    panic(
        "A Tokio 1.x context was found, but it is being shutdown",
        ShuttingDown,
        || {
            let gone = runtime();
            let handle = gone.handle().clone();
            drop(gone);
            handle.block_on(async { time::sleep(Duration::from_secs(1)).await });
        },
    ),
    panic(
        "The Tokio context thread-local variable has been destroyed",
        ShuttingDown,
        || drop(Handle::current()),
    )
    .at(Place::Destructor),
    panic(
        "Cannot start a runtime from within a runtime",
        ContractViolation,
        || {
            runtime().block_on(async { runtime().block_on(async {}) });
        },
    ),
    panic(
        "Cannot block the current thread from within a runtime",
        ContractViolation,
        || {
            let (sender, _receiver) = mpsc::channel(1);
            runtime().block_on(async { sender.blocking_send(()).unwrap() });
        },
    ),
    panic(
        "Cannot drop a runtime in a context where blocking is not allowed",
        ContractViolation,
        || {
            let inner = runtime();
            runtime().block_on(async { drop(inner) });
        },
    ),
];

/// Returned errors of tokio.
const ERRORS: &[Typed] = &[
    (TimedOut, || elapsed().unwrap_err().into()),
    (ShuttingDown, || cancelled().into()),
    (PeerDead, || panicked().into()),
    (ShuttingDown, || {
        tokio::runtime::Handle::try_current().unwrap_err().into()
    }),
    (PeerDead, || {
        hung_up_once().blocking_recv().unwrap_err().into()
    }),
    (PeerDead, || hung_up_once().try_recv().unwrap_err().into()),
    (PeerDead, || hung_up_queue().try_recv().unwrap_err().into()),
    (PeerDead, || silent().try_recv().unwrap_err().into()),
    (PeerDead, || silent().blocking_recv().unwrap_err().into()),
    (Overloaded, || {
        let (sender, mut receiver) = broadcast::channel(1);
        sender.send(1).expect("somebody receives");
        sender.send(2).expect("somebody receives");
        receiver.blocking_recv().unwrap_err().into()
    }),
    (PeerDead, || {
        let mut receiver = unwatched();
        runtime().block_on(receiver.changed()).unwrap_err().into()
    }),
    (Overloaded, || {
        Semaphore::new(0).try_acquire().unwrap_err().into()
    }),
    (PeerDead, || {
        closed_semaphore().try_acquire().unwrap_err().into()
    }),
    (PeerDead, || {
        let closed = closed_semaphore();
        runtime().block_on(closed.acquire()).unwrap_err().into()
    }),
];

fn hung_up_once() -> oneshot::Receiver<()> {
    oneshot::channel().1
}

fn hung_up_queue() -> mpsc::Receiver<()> {
    mpsc::channel(1).1
}

pub(super) fn unheard_queue() -> mpsc::Sender<u8> {
    mpsc::channel(1).0
}

fn silent() -> broadcast::Receiver<()> {
    broadcast::channel(1).1
}

fn unwatched() -> watch::Receiver<()> {
    watch::channel(()).1
}

fn closed_semaphore() -> Semaphore {
    let semaphore = Semaphore::new(0);
    semaphore.close();
    semaphore
}

pub(super) fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// What awaiting a task gave.
fn join(error: JoinError) -> Result<(), JoinError> {
    Err(error)
}

pub(super) fn elapsed() -> Result<(), time::error::Elapsed> {
    runtime().block_on(async { time::timeout(Duration::ZERO, pending()).await })
}

pub(super) fn cancelled() -> JoinError {
    runtime().block_on(async {
        let task = tokio::spawn(pending::<()>());
        task.abort();
        task.await.expect_err("it was aborted")
    })
}

pub(super) fn panicked() -> JoinError {
    runtime().block_on(async {
        let task = tokio::spawn(async { panic!("in the task") });
        task.await.expect_err("it panicked")
    })
}

#[test]
fn of_tokio() {
    CASES.iter().for_each(Panic::check);
}

#[test]
fn returned_by_tokio() {
    for (reason, error) in ERRORS {
        errors::check(*reason, *error);
    }
}

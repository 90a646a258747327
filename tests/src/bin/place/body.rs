//! The hostile body, in each form of a defence and in none.

use std::{
    io,
    panic::panic_any,
    pin::pin,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Waker},
};

use gambeson::{Defense, Event, Quarantine, defensive_handler, emit, instrumented};

/// The forms of a defence, by the names of their handlers.
pub(crate) const FORMS: [&str; 5] = ["outer", "plain", "polled", "traced", "closure"];

/// In how many ways the body ends: after as many calls each was taken once.
pub(crate) const ENDINGS: usize = 6;

/// A payload that panics when it is dropped, with another one that does, so many times.
pub(crate) struct Bomb(pub(crate) u32);

impl Drop for Bomb {
    fn drop(&mut self) {
        if self.0 > 0 {
            panic_any(Bomb(self.0 - 1));
        }
    }
}

/// Emits again, opens a span and logs; then it panics with each kind of payload, fails, or returns.
fn body(calls: &AtomicUsize) -> io::Result<()> {
    emit!("place.inner");
    let call = calls.fetch_add(1, Ordering::Relaxed);
    let _span = tracing::info_span!("body", call).entered();
    tracing::info!(call, "in the body");
    match call % ENDINGS {
        0 => panic!("a literal"),
        1 => panic!("call {call}"),
        2 => panic_any(call),
        3 => panic_any(Bomb(1)),
        4 => Err(io::ErrorKind::TimedOut.into()),
        _ => Ok(()),
    }
}

#[defensive_handler(on = "place.outer", quarantine = false)]
pub(crate) fn outer(_: &Event<'_>) -> io::Result<()> {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    body(&CALLS)
}

/// Runs in the body of each of the others, and would run in its own.
#[defensive_handler(on = "place.inner", quarantine = false)]
pub(crate) fn inner(_: &Event<'_>) {
    emit!("place.inner");
    tracing::info!("inside a body");
    panic!("inner");
}

/// Handles its event, whatever the others do.
#[defensive_handler(on = "place.outer")]
pub(crate) fn calm(_: &Event<'_>) {}

#[defensive_handler(quarantine = false, fallback = Ok(()))]
fn plain() -> io::Result<()> {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    body(&CALLS)
}

#[defensive_handler(quarantine = false, fallback = Ok(()))]
async fn polled() -> io::Result<()> {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    body(&CALLS)
}

#[instrumented(defend, fallback = Ok(()))]
fn traced() -> io::Result<()> {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    body(&CALLS)
}

/// What another library calls.
fn closure() -> io::Result<()> {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    static DEFENSE: LazyLock<Defense> =
        LazyLock::new(|| Defense::new("closure").quarantine(Quarantine::OFF));
    DEFENSE.try_run_or(|| body(&CALLS), |_| Ok(()))
}

/// Goes once through all endings in each form.
pub(crate) fn run_defended() {
    for _ in 0..ENDINGS {
        emit!("place.outer");
        let _ = plain();
        let _ = traced();
        let _ = closure();
        let _ = pin!(polled()).poll(&mut Context::from_waker(Waker::noop()));
    }
}

/// Would go once through all endings, and comes to the first.
pub(crate) fn run_bare() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    for _ in 0..ENDINGS {
        let _ = body(&CALLS);
    }
}

//! The end of the process by a signal.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError, Weak},
    thread,
    time::Instant,
};

use signal_hook::{iterator, low_level};

use super::Signal;
use crate::{
    blocking::{elsewhere, poll_within},
    instance::Core,
    telemetry::{Asker, GRACE},
};

/// The telemetries to shut down; `None` until signals are watched.
static ENDING: Mutex<Option<Vec<Weak<Core>>>> = Mutex::new(None);

/// Watches for signals, once in a process.
pub(crate) fn watch() -> io::Result<()> {
    let mut ending = ENDING.lock().unwrap_or_else(PoisonError::into_inner);
    if ending.is_none() {
        let received = iterator::Signals::new(Signal::NUMBERS)?;
        let watching = thread::Builder::new().name("gambeson-signals".to_owned());
        watching.spawn(move || obey(received))?;
        *ending = Some(Vec::new());
    }
    Ok(())
}

/// Also shuts this telemetry down on the first signal.
pub(crate) fn exit_on_signals(core: &Arc<Core>) {
    let mut ending = ENDING.lock().unwrap_or_else(PoisonError::into_inner);
    let ending = ending.get_or_insert_default();
    ending.retain(|core| core.strong_count() > 0);
    ending.push(Arc::downgrade(core));
}

/// The first signal ends the process when all is shut down, and the second one now.
fn obey(mut received: iterator::Signals) {
    let mut signals = received.forever();
    let Some(first) = signals.next() else { return };
    let ending = thread::Builder::new().name("gambeson-exit".to_owned());
    if ending.spawn(move || end(first)).is_err() {
        end(first);
    }
    if let Some(second) = signals.next() {
        low_level::exit(128 + second);
    }
}

#[expect(clippy::exit, reason = "it is what the builder was asked for")]
fn end(signal: i32) {
    let ending = ENDING.lock().unwrap_or_else(PoisonError::into_inner).take();
    let ending = ending.unwrap_or_default();
    if ending.is_empty() {
        // No telemetry has ever started that asked for it.
        let _ = low_level::emulate_default_handler(signal);
    }
    let cores = ending.into_iter().filter_map(|core| core.upgrade());
    let started = Instant::now();
    let shutdowns = cores.map(|core| {
        let deadline = core.conduct.config.shutdown.deadline;
        let shutdown = elsewhere(move || {
            core.shut_down(deadline, Asker::Stays);
            core.exit_code(0)
        });
        (shutdown, deadline.saturating_add(GRACE))
    });
    // All at once; each ends by its own deadline.
    let mut code = 0;
    for (shutdown, limit) in shutdowns.collect::<Vec<_>>() {
        let ended = poll_within(shutdown, limit.saturating_sub(started.elapsed()));
        code = code.max(ended.flatten().unwrap_or_default());
    }
    std::process::exit(code);
}

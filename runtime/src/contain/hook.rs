//! The one panic hook: silent inside a guarded call, the previous hook everywhere else.

use std::{
    panic,
    sync::atomic::{AtomicU8, Ordering},
};

use super::{frame, watch};

const ABSENT: u8 = 0;
const INSTALLING: u8 = 1;
const INSTALLED: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(ABSENT);

/// The hook cannot be installed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the panic hook cannot be installed by a panicking thread; start the telemetry before")]
#[non_exhaustive]
pub struct HookError;

/// Installs the hook once for the process, in front of the one that is there.
pub(crate) fn install() -> Result<(), HookError> {
    if is_installed() {
        return Ok(());
    }
    // Setting a hook while panicking would abort.
    if std::thread::panicking() {
        return Err(HookError);
    }
    if STATE
        .compare_exchange(ABSENT, INSTALLING, Ordering::AcqRel, Ordering::Acquire)
        .is_err()
    {
        return Ok(());
    }
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        watch::note(info);
        if !frame::claim(info) {
            frame::in_hook(|| previous(info));
        }
    }));
    STATE.store(INSTALLED, Ordering::Release);
    Ok(())
}

pub(super) fn is_installed() -> bool {
    STATE.load(Ordering::Acquire) == INSTALLED
}

/// Installs the hook where a guarded call comes before any start. A thread that is panicking
/// goes without: its panics are contained, only not silenced.
#[inline]
pub(super) fn ensure() {
    if STATE.load(Ordering::Acquire) == ABSENT {
        let _ = install();
    }
}

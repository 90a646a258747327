//! The two fences: the one of a call, which is free where it can be, and the one of whoever waits
//! for calls, which then pays for both.

use std::sync::{
    OnceLock,
    atomic::{Ordering, compiler_fence},
};

use super::{Mutation, is_broken};
use crate::sync::fence;

/// Whether the heavy fence holds for all threads. Decided once, before the first mark.
static ASYMMETRIC: OnceLock<bool> = OnceLock::new();

/// Decides which fences are used: early, because registering is cheap before there are threads.
pub(crate) fn prepare() {
    is_asymmetric();
}

pub(crate) fn is_asymmetric() -> bool {
    *ASYMMETRIC.get_or_init(system::register)
}

/// Uses ordinary fences also where the system offers better, so that both ways can be measured.
/// Without effect once anything was emitted or started.
pub fn use_fences() {
    let _ = ASYMMETRIC.set(false);
}

/// Between a mark and the look at what is marked.
#[inline]
pub(super) fn light(asymmetric: bool) {
    if is_broken(Mutation::NoLightFence) {
        return;
    }
    if asymmetric {
        compiler_fence(Ordering::SeqCst);
    } else {
        fence(Ordering::SeqCst);
    }
}

/// Between the end of a mark and the look for somebody who waits for it. Without the asymmetric
/// fence it orders nothing for the processor: those who wait then look again by themselves.
#[inline]
pub(crate) fn leave() {
    if cfg!(loom) {
        // What the asymmetric fence makes of it.
        fence(Ordering::SeqCst);
    } else {
        compiler_fence(Ordering::SeqCst);
    }
}

/// Between taking something away and the look at all marks.
pub(crate) fn heavy() {
    if is_broken(Mutation::NoHeavyFence) {
        return;
    }
    fence(Ordering::SeqCst);
    if is_asymmetric() {
        system::interrupt_all();
        fence(Ordering::SeqCst);
    }
}

#[cfg(all(target_os = "linux", not(loom), not(miri)))]
mod system {
    use rustix::thread::{
        MembarrierCommand::{self, PrivateExpedited, RegisterPrivateExpedited},
        MembarrierQuery, membarrier, membarrier_query,
    };

    pub(super) fn register() -> bool {
        membarrier_query().contains(MembarrierQuery::PRIVATE_EXPEDITED)
            && membarrier(RegisterPrivateExpedited).is_ok()
    }

    /// Makes every running thread of the process pass a full fence.
    pub(super) fn interrupt_all() {
        if membarrier(PrivateExpedited).is_ok() {
            return;
        }
        // A child of a fork may have to register anew.
        let again = register() && membarrier(PrivateExpedited).is_ok();
        if !again && membarrier(MembarrierCommand::Global).is_err() {
            // Nothing else holds for all threads, and going on would free what is used.
            std::process::abort();
        }
    }
}

#[cfg(not(all(target_os = "linux", not(loom), not(miri))))]
mod system {
    pub(super) fn register() -> bool {
        false
    }

    pub(super) fn interrupt_all() {}
}

//! What somebody wants of a function's calls: one word, and nothing of it is set almost always.

use std::sync::atomic::{AtomicU32, Ordering};

pub(super) const START: u32 = 1;
pub(super) const STOP: u32 = 1 << 1;
pub(super) const EXCEPTION: u32 = 1 << 2;
/// A subscriber wants every span of the function.
pub(super) const SPAN: u32 = 1 << 3;
/// A subscriber wants to be asked each time.
pub(super) const SPAN_IF_ENABLED: u32 = 1 << 4;
pub(super) const ERR: u32 = 1 << 5;
pub(super) const RET: u32 = 1 << 6;
/// The config has the function's values logged.
pub(super) const VALUES: u32 = 1 << 7;
/// A telemetry keeps account of open calls, also of those that nobody observes.
pub(super) const ACCOUNT: u32 = 1 << 8;
/// The function has not been called yet.
const NEW: u32 = 1 << 31;

pub(super) const TIMED: u32 = STOP | EXCEPTION;
pub(super) const EVENTS: u32 = START | TIMED;
pub(super) const SPANS: u32 = SPAN | SPAN_IF_ENABLED;

#[derive(Debug)]
pub(super) struct Wanted(AtomicU32);

impl Wanted {
    pub(super) const fn new() -> Self {
        Wanted(AtomicU32::new(NEW))
    }

    /// The one look of a call that nobody wants to know of.
    #[inline]
    pub(super) fn is_anything(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    pub(super) fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed) & !NEW
    }

    pub(super) fn is_new(&self) -> bool {
        self.0.load(Ordering::Relaxed) & NEW != 0
    }

    /// Whoever sets these bits tells of every change from now on.
    pub(super) fn settle(&self) {
        self.0.fetch_and(!NEW, Ordering::Relaxed);
    }

    /// Sets these bits in the place of those in one step, so that no call finds neither.
    pub(super) fn replace(&self, old: u32, new: u32) {
        let replaced = |word: u32| Some(word & !old | new);
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, replaced);
    }

    pub(super) fn set(&self, bits: u32, are_set: bool) {
        if are_set {
            self.0.fetch_or(bits, Ordering::Relaxed);
        } else {
            self.0.fetch_and(!bits, Ordering::Relaxed);
        }
    }
}

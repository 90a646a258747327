//! Who asked to be told that sites were set anew.

use std::sync::OnceLock;

static TOLD: OnceLock<fn()> = OnceLock::new();

/// Calls `tell` from now on after sites were set anew, with no lock held. There is one who asks.
pub(crate) fn when_sites_change(tell: fn()) {
    TOLD.get_or_init(|| tell);
}

pub(super) fn tell() {
    if let Some(tell) = TOLD.get() {
        tell();
    }
}

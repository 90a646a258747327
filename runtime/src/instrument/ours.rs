//! Which callsites of tracing are those of instrumented functions, whose handlers are told anyway.

use std::{
    collections::BTreeSet,
    sync::{PoisonError, RwLock},
};

use tracing::{Metadata, callsite::Callsite};

static POINTS: RwLock<BTreeSet<usize>> = RwLock::new(BTreeSet::new());

/// Makes a callsite known as ours.
pub(super) fn add(callsite: &'static dyn Callsite) {
    let mut points = POINTS.write().unwrap_or_else(PoisonError::into_inner);
    points.insert(address(callsite));
}

/// Whether a span or an event is that of an instrumented function.
pub(crate) fn is_ours(metadata: &Metadata<'_>) -> bool {
    let points = POINTS.read().unwrap_or_else(PoisonError::into_inner);
    points.contains(&address(metadata.callsite().0))
}

/// A callsite is known by where it is.
fn address(callsite: &'static dyn Callsite) -> usize {
    std::ptr::from_ref(callsite).cast::<()>().addr()
}

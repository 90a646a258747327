//! The telemetries that are running, so that the last one to use a resource revokes it.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use super::Core;
use crate::resource::address;

static ALIVE: Mutex<Vec<Weak<Core>>> = Mutex::new(Vec::new());

/// Counts a telemetry as a user of what its handlers need, until it [leaves](leave).
pub(crate) fn enter(core: &Arc<Core>) {
    let mut alive = ALIVE.lock().unwrap_or_else(PoisonError::into_inner);
    alive.push(Arc::downgrade(core));
}

/// Ends that. Of several that leave at once the last one sees no other.
pub(crate) fn leave(core: &Core) {
    let mut alive = ALIVE.lock().unwrap_or_else(PoisonError::into_inner);
    alive.retain(|other| other.strong_count() > 0 && !is(other, core));
}

/// The resources, by their address, that other telemetries use.
pub(crate) fn used_by_others(core: &Core) -> HashSet<usize> {
    let alive = ALIVE.lock().unwrap_or_else(PoisonError::into_inner);
    let others = alive.iter().filter(|other| !is(other, core));
    let others: Vec<Arc<Core>> = others.filter_map(Weak::upgrade).collect();
    drop(alive);
    let used = others
        .iter()
        .flat_map(|other| other.resources_in_use(&other.registry.known()));
    used.map(address).collect()
}

fn is(other: &Weak<Core>, core: &Core) -> bool {
    std::ptr::eq(other.as_ptr(), core)
}

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

/// Ends that, and gives the resources, by their address, that others use. Of several that leave
/// at once the last one sees no other.
pub(crate) fn leave(core: &Core) -> HashSet<usize> {
    let mut alive = ALIVE.lock().unwrap_or_else(PoisonError::into_inner);
    alive.retain(|other| other.strong_count() > 0 && !std::ptr::eq(other.as_ptr(), core));
    let others: Vec<Arc<Core>> = alive.iter().filter_map(Weak::upgrade).collect();
    drop(alive);
    let used = others
        .iter()
        .flat_map(|other| other.resources_in_use(&other.registry.known()));
    used.map(address).collect()
}

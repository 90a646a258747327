//! The telemetries that are running, so that the last one to use a resource revokes it.

use std::{
    collections::HashSet,
    ptr,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use super::Core;
use crate::{
    phase::Phase,
    resource::{Life, address},
};

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

/// What is lent of a telemetry, to be kept.
pub(crate) fn find(core: &Core) -> Option<Arc<Core>> {
    let alive = ALIVE.lock().unwrap_or_else(PoisonError::into_inner);
    let found = alive.iter().find(|other| is(other, core));
    found.and_then(Weak::upgrade)
}

/// The resources, by their address, that other telemetries use.
pub(crate) fn used_by_others(core: &Core) -> HashSet<usize> {
    let others = all()
        .into_iter()
        .filter(|other| !ptr::eq(Arc::as_ptr(other), core));
    let used = others.flat_map(|other| other.resources_in_use(&other.registry.known()));
    used.map(address).collect()
}

/// The running telemetries that use this resource.
pub(crate) fn users(resource: &Life) -> Vec<Arc<Core>> {
    let mut users = all();
    users.retain(|core| core.phase() == Phase::Running);
    users.retain(|core| {
        let mut used = core.resources_in_use(&core.registry.known()).into_iter();
        used.any(|used| ptr::eq(used.life(), resource))
    });
    users
}

fn all() -> Vec<Arc<Core>> {
    let alive = ALIVE.lock().unwrap_or_else(PoisonError::into_inner);
    alive.iter().filter_map(Weak::upgrade).collect()
}

fn is(other: &Weak<Core>, core: &Core) -> bool {
    ptr::eq(other.as_ptr(), core)
}

//! Resources as parts of a shutdown.

use std::{cell::Cell, time::Duration};

use super::stages::{Closing, Stages};
use crate::{
    instance::{Core, PartKind, alive},
    resource::{Need, address, graph_of},
};

/// A resource whose leases are drained.
pub(super) struct Revoking<'a> {
    core: &'a Core,
    resource: &'static dyn Need,
    is_awaitable: bool,
    /// Whether it is left to another telemetry, which has begun since.
    is_left: Cell<bool>,
}

/// How many stages there will be at most.
pub(super) fn count(core: &Core) -> usize {
    let resources = core.resources_in_use(&core.registry.known());
    graph_of(&resources).levels_from_the_end().len()
}

/// The stages of what a telemetry uses and no other one does, dependents first.
pub(super) fn stages(core: &Core, may_wait: bool) -> Stages<Revoking<'_>> {
    alive::leave(core);
    let used_by_others = alive::used_by_others(core);
    let mut resources = core.resources_in_use(&core.registry.known());
    resources.retain(|&resource| !used_by_others.contains(&address(resource)));
    let graph = graph_of(&resources);
    let revoking = |resource| Revoking {
        core,
        resource,
        is_awaitable: may_wait,
        is_left: Cell::new(false),
    };
    Stages::new(resources.into_iter().map(revoking).collect(), graph)
}

impl Revoking<'_> {
    /// Its owner's end does not wait for it once more.
    pub(super) fn give_up(&self) {
        self.resource.life().give_up_on_leases();
    }
}

impl Closing for Revoking<'_> {
    const KIND: PartKind = PartKind::Resource;

    fn name(&self) -> &str {
        self.resource.name()
    }

    fn close(all: &[&Self]) -> Vec<usize> {
        let inside = all.iter().map(|revoking| {
            let used = alive::used_by_others(revoking.core);
            if used.contains(&address(revoking.resource)) {
                revoking.is_left.set(true);
                return 0;
            }
            revoking.resource.revoke(Duration::ZERO).outstanding
        });
        inside.collect()
    }

    fn is_left(&self) -> bool {
        self.is_left.get()
    }

    fn is_awaitable(&self) -> bool {
        self.is_awaitable
    }

    /// Another revocation would take away what has come meanwhile.
    fn wait(&self, limit: Duration) -> usize {
        self.resource.wait_unleased(limit).outstanding
    }

    fn holders(&self) -> Vec<String> {
        self.resource.wait_unleased(Duration::ZERO).holders
    }
}

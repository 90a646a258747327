//! Resources as parts of a shutdown.

use std::time::Duration;

use super::stages::{Closing, Stages};
use crate::{
    instance::{Core, PartKind, alive},
    resource::{Need, address, graph_of},
};

/// A resource whose leases are drained.
pub(super) struct Revoking {
    resource: &'static dyn Need,
    is_awaitable: bool,
}

/// How many stages there will be at most.
pub(super) fn count(core: &Core) -> usize {
    let resources = core.resources_in_use(&core.registry.known());
    graph_of(&resources).levels_from_the_end().len()
}

/// The stages of what a telemetry uses and no other one does, dependents first.
pub(super) fn stages(core: &Core, may_wait: bool) -> Stages<Revoking> {
    let used_by_others = alive::leave(core);
    let mut resources = core.resources_in_use(&core.registry.known());
    resources.retain(|&resource| !used_by_others.contains(&address(resource)));
    let graph = graph_of(&resources);
    let revoking = |resource| Revoking {
        resource,
        is_awaitable: may_wait,
    };
    Stages::new(resources.into_iter().map(revoking).collect(), graph)
}

impl Closing for Revoking {
    const KIND: PartKind = PartKind::Resource;

    fn name(&self) -> &str {
        self.resource.name()
    }

    fn close(all: &[&Self]) -> Vec<usize> {
        let inside = all.iter().map(|revoking| revoking.wait(Duration::ZERO));
        inside.collect()
    }

    fn is_awaitable(&self) -> bool {
        self.is_awaitable
    }

    fn wait(&self, limit: Duration) -> usize {
        self.resource.revoke(limit).outstanding
    }

    fn holders(&self) -> Vec<String> {
        self.resource.revoke(Duration::ZERO).holders
    }
}

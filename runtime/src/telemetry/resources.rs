//! The resources of a telemetry: opened when it starts.

use std::time::{Duration, Instant};

use super::error::StartError;
use crate::{
    instance::{Core, alive},
    resource::{Need, address, in_order, start_all},
};

/// What was not there before, those first which others need.
pub(super) type Opened = Vec<&'static dyn Need>;

/// How long a start waits for resources, unless the builder says otherwise.
pub(super) const START_DEADLINE: Duration = Duration::from_secs(5);

impl Core {
    /// Opens what handlers need, waits for it, and gives what was not there before. Without those
    /// that are required there is no start; others are opened again and again.
    pub(super) fn start_resources(&self, deadline: Duration) -> Result<Opened, StartError> {
        let started = Instant::now();
        let mut order = self.resources_in_order()?;
        order.retain(|resource| !resource.readiness().is_serving());
        // Those that fail are opened again by themselves, and those without an opener are provided.
        let _ = start_all(&order, deadline);
        let mut required = self.required.iter().map(|required| required.0);
        let missing = required.find_map(|required| {
            let left = deadline.saturating_sub(started.elapsed());
            required.life().wait_serving(left, deadline).err()
        });
        let Some(missing) = missing else {
            return Ok(order);
        };
        self.close_again(&order);
        Err(missing.into())
    }

    /// Takes away what was opened for nothing, so far as no other telemetry uses it.
    pub(super) fn close_again(&self, opened: &[&'static dyn Need]) {
        let used_by_others = alive::used_by_others(self);
        let unused = |each: &&&'static dyn Need| !used_by_others.contains(&address(**each));
        for each in opened.iter().rev().filter(unused) {
            each.revoke(Duration::ZERO);
        }
    }

    /// Every resource that is known here, those first which others need.
    pub(super) fn known_resources(&self) -> Vec<&'static dyn Need> {
        let all = self.resources_in_use(&self.registry.known());
        in_order(&all).unwrap_or(all)
    }

    /// Nobody can tell those apart that have one name, unless they are made at one place, as the
    /// elements of an array are.
    fn warn_of_names(&self, sorted: &[&'static dyn Need]) {
        let lives: Vec<_> = sorted.iter().map(|resource| resource.life()).collect();
        for unnamed in lives.iter().filter(|life| life.name.is_empty()) {
            self.warn(format!(
                "the resource made at {} has no name",
                unnamed.place
            ));
        }
        for two in lives.windows(2) {
            if two[0].name == two[1].name && two[0].place != two[1].place {
                let (name, first, second) = (two[0].name, two[0].place, two[1].place);
                self.warn(format!(
                    "two resources are called `{name}`, made at {first} and at {second}: give each a \
                     name of its own"
                ));
            }
        }
    }

    fn resources_in_order(&self) -> Result<Vec<&'static dyn Need>, StartError> {
        let all = self.resources_in_use(&self.registry.known());
        self.warn_of_names(&all);
        in_order(&all).map_err(|cycle| StartError::ResourceCycle {
            path: cycle.path.into_iter().map(str::to_owned).collect(),
        })
    }
}

/// Begins to open what a handler needs that came later, and waits for nothing.
pub(super) fn begin(needs: &[&'static dyn Need]) -> Opened {
    // A circle is told to whoever waits for one of them.
    let mut order = in_order(needs).unwrap_or_default();
    order.retain(|resource| !resource.readiness().is_serving());
    for resource in &order {
        resource.begin_opening();
    }
    order
}

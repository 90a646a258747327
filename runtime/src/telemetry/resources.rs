//! The resources of a telemetry: opened when it starts.

use std::time::{Duration, Instant};

use super::error::StartError;
use crate::{
    instance::Core,
    resource::{Need, in_order, start_all},
};

/// How long a start waits for resources, unless the builder says otherwise.
pub(super) const START_DEADLINE: Duration = Duration::from_secs(5);

impl Core {
    /// Opens what handlers need, and waits for it. Without those that are required there is no
    /// start; others are opened again and again.
    pub(super) fn start_resources(&self, deadline: Duration) -> Result<(), StartError> {
        let started = Instant::now();
        let mut order = self.resources_in_order()?;
        order.retain(|resource| !resource.readiness().is_serving());
        // Those that fail are opened again by themselves, and those without an opener are provided.
        let _ = start_all(&order, deadline);
        let mut required = self.required.iter().map(|required| required.0);
        let missing = required.find_map(|required| {
            let left = deadline.saturating_sub(started.elapsed());
            required.life().wait_serving(left).err()
        });
        let Some(missing) = missing else {
            return Ok(());
        };
        for opened in order.iter().rev() {
            opened.revoke(Duration::ZERO);
        }
        Err(missing.into())
    }

    /// Every resource that is known here, those first which others need.
    pub(super) fn known_resources(&self) -> Vec<&'static dyn Need> {
        let all = self.resources_in_use(&self.registry.known());
        in_order(&all).unwrap_or(all)
    }

    fn resources_in_order(&self) -> Result<Vec<&'static dyn Need>, StartError> {
        let all = self.resources_in_use(&self.registry.known());
        in_order(&all).map_err(|cycle| StartError::ResourceCycle {
            path: cycle.path.into_iter().map(str::to_owned).collect(),
        })
    }
}

/// Begins to open what a handler needs that came later, and waits for nothing.
pub(super) fn begin(needs: &[&'static dyn Need]) {
    // A circle is told to whoever waits for one of them.
    for resource in in_order(needs).unwrap_or_default() {
        resource.begin_opening();
    }
}

//! The owner's end of a resource.

use std::{fmt, sync::Weak, time::Duration};

use super::{DrainReport, Resource, chronicle::Chronicle, holding::Holding};

/// How long a drop waits for leases that are held; [`Provided::revoke`] takes another deadline.
const DROP_DEADLINE: Duration = Duration::from_secs(5);

/// Keeps a resource available; dropping it revokes the resource.
///
/// The drop refuses new leases and waits for those that are held, for five seconds at most and
/// not at all inside a handler's call. The value itself is dropped with the last lease, so that
/// none ever sees it gone. Where the value was replaced, revoked, or has crashed, that may be long
/// before, and the drop only waits; after a shutdown that has waited for those leases in vain it does
/// not.
pub struct Provided<T: Send + Sync + 'static> {
    resource: &'static Resource<T>,
    holding: Option<Weak<Holding<T>>>,
}

impl<T: Send + Sync> Provided<T> {
    pub(super) fn new(resource: &'static Resource<T>, holding: Weak<Holding<T>>) -> Self {
        Provided {
            resource,
            holding: Some(holding),
        }
    }

    /// Refuses new leases and waits for those that are held, for `deadline` at most.
    pub fn revoke(mut self, deadline: Duration) -> DrainReport {
        self.end(deadline)
    }

    fn end(&mut self, deadline: Duration) -> DrainReport {
        match self.holding.take() {
            Some(holding) => self.resource.take_away(&holding, deadline),
            None => DrainReport::none(self.resource.name()),
        }
    }
}

impl<T: Send + Sync> Drop for Provided<T> {
    fn drop(&mut self) {
        let are_given_up = |life: &Chronicle| life.are_leases_given_up;
        let deadline = if self.resource.life.read(are_given_up) {
            Duration::ZERO
        } else {
            DROP_DEADLINE
        };
        self.end(deadline);
    }
}

impl<T: Send + Sync> fmt::Debug for Provided<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provided")
            .field(&self.resource.name())
            .finish()
    }
}

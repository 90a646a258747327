//! The right to use a resource's value for one call.

use std::{fmt, ops::Deref, panic::Location, sync::Arc};

use super::holding::{Holding, Seat};
use crate::gate::{Gate, OwnedPass};

/// The right to use a resource's value: while it is held, the value stays, whatever becomes of the
/// resource, and a revocation waits and names its holder.
///
/// It may go to another thread. Hold it for one call: what is held for ever is never revoked.
pub struct Lease<T> {
    pass: OwnedPass<Holding<T>>,
    seat: Seat,
}

impl<T> Lease<T> {
    /// `None` where the value is taken away already.
    pub(super) fn on(holding: &Arc<Holding<T>>, place: &'static Location<'static>) -> Option<Self> {
        let pass = Gate::enter_owned(Arc::clone(holding))?;
        let seat = holding.sit_down(place);
        Some(Lease { pass, seat })
    }
}

impl<T> Drop for Lease<T> {
    fn drop(&mut self) {
        self.pass.owner().stand_up(self.seat);
    }
}

impl<T> Deref for Lease<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.pass.owner().value()
    }
}

impl<T: fmt::Debug> fmt::Debug for Lease<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lease").field(&**self).finish()
    }
}

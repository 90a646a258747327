//! The right to use a resource's value for one call.

use std::{fmt, ops::Deref};

use super::HeldPass;

/// While it is held, the value stays where it is.
pub struct Lease<T>(HeldPass<T>);

impl<T> Lease<T> {
    pub(super) fn new(pass: HeldPass<T>) -> Self {
        Lease(pass)
    }
}

impl<T> Deref for Lease<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.owner().value()
    }
}

impl<T: fmt::Debug> fmt::Debug for Lease<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lease").field(&**self).finish()
    }
}

//! The same names without an async runtime.

use std::{convert::Infallible, time::Duration};

/// There are no tasks without a runtime.
#[derive(Debug, Default)]
pub(crate) struct Tasks(Option<Infallible>);

impl Tasks {
    pub(crate) fn cancel(&self) {
        self.none();
    }

    pub(crate) fn are_tracked(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn close(&self) {
        self.none();
    }

    pub(crate) fn wait(&self, _: Duration) -> usize {
        self.none()
    }

    fn none(&self) -> usize {
        self.0.map_or(0, |never| match never {})
    }
}

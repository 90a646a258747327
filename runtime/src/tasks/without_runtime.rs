//! The same names without an async runtime: there are no tasks.

use std::time::Duration;

#[derive(Debug, Default)]
pub(crate) struct Tasks;

impl Tasks {
    pub(crate) fn cancel(&self) {}

    pub(crate) fn are_tracked(&self) -> bool {
        false
    }

    pub(crate) fn close(&self) {}

    pub(crate) fn wait(&self, _: Duration) -> usize {
        0
    }
}

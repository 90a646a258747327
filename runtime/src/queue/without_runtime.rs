//! The same names without an async runtime: a start with async handlers is refused.

use std::{convert::Infallible, future::Future};

/// There is no runtime without the feature `tokio`.
#[derive(Clone, Debug)]
pub(crate) struct Runtime(Infallible);

impl Runtime {
    pub(crate) fn current() -> Option<Self> {
        None
    }

    pub(crate) fn within<R>(&self, _: impl FnOnce() -> R) -> R {
        match self.0 {}
    }

    pub(crate) fn spawn(&self, _: impl Future<Output = ()> + Send + 'static) -> Task {
        match self.0 {}
    }

    pub(crate) fn blocks_here() -> bool {
        false
    }

    pub(crate) fn step_aside<R>(run: impl FnOnce(bool) -> R) -> R {
        run(false)
    }

    pub(crate) fn pass_on_next_task() {}
}

/// There is no task without a runtime.
#[derive(Debug)]
pub(crate) struct Task(Infallible);

impl Task {
    pub(super) fn abort(self) {
        match self.0 {}
    }
}

//! Both are made when they are first asked for.

use std::{sync::OnceLock, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    blocking::poll_within,
    phase::{Phase, PhaseCell},
};

#[derive(Debug, Default)]
pub(crate) struct Tasks {
    token: OnceLock<CancellationToken>,
    tracker: OnceLock<TaskTracker>,
}

impl Tasks {
    /// The phase is read after the token is there for a shutdown to find.
    pub(crate) fn token(&self, phase: &PhaseCell) -> CancellationToken {
        let token = self.token.get_or_init(CancellationToken::new);
        if has_ended(phase) {
            token.cancel();
        }
        token.clone()
    }

    /// As with the token.
    pub(crate) fn tracker(&self, phase: &PhaseCell) -> TaskTracker {
        let tracker = self.tracker.get_or_init(TaskTracker::new);
        if has_ended(phase) {
            tracker.close();
        }
        tracker.clone()
    }

    pub(crate) fn cancel(&self) {
        if let Some(token) = self.token.get() {
            token.cancel();
        }
    }

    pub(crate) fn are_tracked(&self) -> bool {
        self.tracker.get().is_some()
    }

    /// Says that no more are coming, without which they could not be awaited.
    pub(crate) fn close(&self) {
        if let Some(tracker) = self.tracker.get() {
            tracker.close();
        }
    }

    /// Waits until none is left, for `limit` at most, and says how many are.
    pub(crate) fn wait(&self, limit: Duration) -> usize {
        let Some(tracker) = self.tracker.get() else {
            return 0;
        };
        match poll_within(tracker.wait(), limit) {
            Some(()) => 0,
            None => tracker.len(),
        }
    }
}

fn has_ended(phase: &PhaseCell) -> bool {
    matches!(phase.get(), Phase::Draining | Phase::Stopped)
}

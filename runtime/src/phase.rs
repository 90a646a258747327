//! The phases of a telemetry, and the one function that changes them.

use std::{
    fmt,
    sync::{Condvar, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::Serialize;

/// Where a telemetry is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// It has not been started.
    New,
    /// Handlers are being attached.
    Starting,
    /// Events are handled.
    Running,
    /// Handlers are being detached; events are skipped.
    Draining,
    /// Every handler is detached.
    Stopped,
    /// It could not be started.
    Failed,
}

/// What moves a telemetry from one phase to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Start,
    Started,
    StartFailed,
    Shutdown,
    Drained,
}

impl Phase {
    /// The phase in small letters.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::New => "new",
            Phase::Starting => "starting",
            Phase::Running => "running",
            Phase::Draining => "draining",
            Phase::Stopped => "stopped",
            Phase::Failed => "failed",
        }
    }

    /// The next phase, or `None` where the step has nothing to do.
    pub(crate) const fn after(self, step: Step) -> Option<Phase> {
        match (self, step) {
            (Phase::New, Step::Start) => Some(Phase::Starting),
            (Phase::Starting, Step::Started) => Some(Phase::Running),
            (Phase::Starting, Step::StartFailed) => Some(Phase::Failed),
            (Phase::Running, Step::Shutdown) => Some(Phase::Draining),
            (Phase::Draining, Step::Drained) => Some(Phase::Stopped),
            _ => None,
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The phase of a telemetry; steps are taken one at a time and can be waited for.
#[derive(Debug)]
pub(crate) struct PhaseCell {
    phase: Mutex<Phase>,
    changed: Condvar,
}

impl PhaseCell {
    pub(crate) fn new() -> Self {
        PhaseCell {
            phase: Mutex::new(Phase::New),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn get(&self) -> Phase {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a step. Returns whether it changed the phase: of several threads that try, for one.
    pub(crate) fn step(&self, step: Step) -> bool {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        let next = phase.after(step);
        if let Some(next) = next {
            *phase = next;
            self.changed.notify_all();
        }
        next.is_some()
    }

    /// Waits while it is draining, for `limit` at most.
    pub(crate) fn wait_drained(&self, limit: Duration) {
        let started = Instant::now();
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        while *phase == Phase::Draining {
            let left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                return;
            }
            phase = match self.changed.wait_timeout(phase, left) {
                Ok((phase, _)) => phase,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_life_and_nothing_twice() {
        let cell = PhaseCell::new();
        let steps = [Step::Start, Step::Started, Step::Shutdown, Step::Drained];
        let phases = [
            Phase::Starting,
            Phase::Running,
            Phase::Draining,
            Phase::Stopped,
        ];
        for (step, phase) in steps.into_iter().zip(phases) {
            assert!(cell.step(step));
            assert!(
                !cell.step(step),
                "{step:?} has nothing to do the second time"
            );
            assert_eq!(cell.get(), phase);
        }
        for step in steps {
            assert!(!cell.step(step), "{step:?} does not leave Stopped");
        }
    }

    #[test]
    fn a_failed_start_is_final() {
        let cell = PhaseCell::new();
        assert!(cell.step(Step::Start) && cell.step(Step::StartFailed));
        assert!(!cell.step(Step::Started) && !cell.step(Step::Shutdown));
        assert_eq!(cell.get(), Phase::Failed);
    }
}

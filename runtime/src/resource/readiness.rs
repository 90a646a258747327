//! The states of a resource, and the one function that changes them.

use std::fmt;

use serde::Serialize;

/// Where a resource is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Readiness {
    /// It was never provided nor opened.
    NotReady,
    /// It can be leased.
    Ready,
    /// It can be leased, but nobody would tell if it died: what [watched](crate::Resource::watch)
    /// it was lost.
    Stale,
    /// It crashed, or could not be opened.
    Failed,
    /// It was revoked, and leases that were given before are still held.
    Draining,
    /// It was revoked, and nobody holds it.
    Revoked,
}

/// What moves a resource from one state to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It has a value: a new one, or the first.
    Provided,
    /// What watched it was lost.
    WatchLost,
    /// It is watched again.
    Watched,
    Crashed,
    OpeningFailed,
    Revoked,
    /// The last lease of a revoked value has ended.
    Drained,
}

impl Readiness {
    /// Whether it can be leased.
    pub const fn is_serving(self) -> bool {
        matches!(self, Readiness::Ready | Readiness::Stale)
    }

    /// The next state, or `None` where the step has nothing to do.
    pub(super) const fn after(self, step: Step) -> Option<Readiness> {
        use Readiness::{Draining, Failed, NotReady, Ready, Revoked, Stale};
        match (self, step) {
            (_, Step::Provided) | (Stale, Step::Watched) => Some(Ready),
            (Ready, Step::WatchLost) => Some(Stale),
            (Ready | Stale, Step::Crashed) | (NotReady | Failed, Step::OpeningFailed) => {
                Some(Failed)
            }
            (Ready | Stale | Failed, Step::Revoked) => Some(Draining),
            (Draining, Step::Drained) => Some(Revoked),
            // An opening that was asked for after the revocation.
            (Draining | Revoked, Step::OpeningFailed) => Some(Failed),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Readiness::NotReady => "not ready",
            Readiness::Ready => "ready",
            Readiness::Stale => "stale",
            Readiness::Failed => "failed",
            Readiness::Draining => "draining",
            Readiness::Revoked => "revoked",
        }
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{Readiness::*, Step, *};

    const STATES: [Readiness; 6] = [NotReady, Ready, Stale, Failed, Draining, Revoked];

    #[test]
    fn every_step_from_every_state() {
        #[rustfmt::skip]
        let table = [
            // from       NotReady      Ready           Stale           Failed          Draining        Revoked
            (Step::Provided,      [Some(Ready), Some(Ready), Some(Ready), Some(Ready), Some(Ready), Some(Ready)]),
            (Step::WatchLost,     [None, Some(Stale), None, None, None, None]),
            (Step::Watched,       [None, None, Some(Ready), None, None, None]),
            (Step::Crashed,       [None, Some(Failed), Some(Failed), None, None, None]),
            (Step::OpeningFailed, [Some(Failed), None, None, Some(Failed), Some(Failed), Some(Failed)]),
            (Step::Revoked,       [None, Some(Draining), Some(Draining), Some(Draining), None, None]),
            (Step::Drained,       [None, None, None, None, Some(Revoked), None]),
        ];
        for (step, next) in table {
            assert_eq!(STATES.map(|state| state.after(step)), next, "{step:?}");
        }
    }

    #[test]
    fn only_ready_and_stale_serve() {
        let serving = STATES.map(Readiness::is_serving);
        assert_eq!(serving, [false, true, true, false, false, false]);
    }
}

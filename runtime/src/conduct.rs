//! What all calls of a telemetry have in common.

use std::any::{Any, TypeId};

use crate::{
    clock::{self, Clock, Moment},
    config::Config,
    contain::Unraised,
    limiter::Rate,
    phase::PhaseCell,
};

/// How the calls of a telemetry are made: what its config says, which phase it is in, and which
/// panics it leaves alone.
#[derive(Debug)]
pub(crate) struct Conduct {
    pub(crate) config: Config,
    pub(crate) phase_cell: PhaseCell,
    pub(crate) pass_through: Vec<TypeId>,
    /// In strict mode, what the emitter of a queued event is not there to go on with.
    pub(crate) unraised: Unraised,
    /// Whether account is kept of every open call of an instrumented function.
    pub(crate) tracks_spans: bool,
    /// The clock of its quarantines and limits; the system's, where there is none.
    pub(crate) clock: Option<Clock>,
}

impl Conduct {
    pub(crate) fn new(config: Config) -> Self {
        // Begun here: a child of a fork has no thread any more that was about to.
        clock::elapsed(None);
        Conduct {
            config,
            phase_cell: PhaseCell::new(),
            pass_through: Vec::new(),
            unraised: Unraised::default(),
            tracks_spans: false,
            clock: None,
        }
    }

    /// How often its records are written.
    pub(crate) fn rate(&self) -> Rate<'_> {
        Rate {
            log: &self.config.debug_log,
            clock: self.clock.as_ref(),
        }
    }

    /// This moment on its clock.
    pub(crate) fn now(&self) -> Moment {
        Moment::now(self.clock.as_ref())
    }

    /// Whether a payload is another library's control flow.
    pub(crate) fn passes_through(&self, payload: &(dyn Any + Send)) -> bool {
        self.pass_through.contains(&payload.type_id())
    }
}

//! One call of a handler: admitted, run under guard, counted, and told if it failed.

mod attempt;
mod defend;
mod failed;
mod future;
pub(crate) mod probe;
mod running;
mod verdict;

pub(crate) use self::{
    attempt::{Attempt, Ended},
    future::guarded,
    running::{Inside, inside_handler},
    verdict::{Cause, Failure},
};
pub use self::{
    defend::{YieldSkip, defend, defend_async, yield_skip},
    failed::Failed,
    verdict::{Completion, IntoVerdict, Verdict, failed_with, judge},
};
use crate::{
    config::Settings, diagnostics::Ticket, handler::Entry, reason::SkipReason, telemetry::Core,
};

/// What user code is told about the call it is in.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    pub(crate) core: &'a Core,
    pub(crate) entry: &'a Entry,
    pub(crate) settings: Settings,
}

impl Call<'_> {
    /// The right to tell a skip for this reason, if it shall be told.
    pub(crate) fn ticket(&self, reason: SkipReason) -> Option<Ticket> {
        let log = &self.core.config.debug_log;
        self.entry.limiters.ticket(reason, self.settings.debug, log)
    }
}

//! The ways to shut a telemetry down.

use std::time::Duration;

use super::{Telemetry, end::Asker, report::Report};
use crate::phase::Phase;

impl Telemetry {
    /// Ends everything in the reverse of the order in which it began, within the deadline of the
    /// config: no more handlers are taken, those that are there are detached and drained, the
    /// resources they need are revoked, and what was suppressed in the debug log is told.
    ///
    /// Only an order makes one handler wait for another: those that have none are closed together
    /// and then awaited. Each stage may take its share of what is left of the deadline; who overruns
    /// it is left running, and awaited again at the end. A resource that another running telemetry
    /// uses too is left to that one. [`ShutdownReport::parts`](crate::ShutdownReport) says how it
    /// went with each.
    ///
    /// A second call waits for the first and gives the same report; [`report`](Telemetry::report)
    /// has the counts of later. From inside a handler it does not wait, since the handler would
    /// wait for itself. In an async runtime use [`shutdown_async`](Telemetry::shutdown_async): this
    /// one blocks its thread, and where that is the only one that could run them it does not wait
    /// for async handlers.
    pub fn shutdown(&self) -> Report {
        self.shutdown_within(self.core.conduct.config.shutdown.deadline)
    }

    /// As [`shutdown`](Telemetry::shutdown), with another deadline.
    pub fn shutdown_within(&self, deadline: Duration) -> Report {
        self.core.shut_down(deadline, Asker::Stays);
        self.ended_report()
    }

    fn ended_report(&self) -> Report {
        match self.phase() {
            Phase::Stopped => self.ended.get_or_init(|| self.report()).clone(),
            _ => self.report(),
        }
    }
}
